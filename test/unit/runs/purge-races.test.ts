import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fakeTrainers, startedAt, writeFakeCheckpoint } from '../../support/fake-trainer.ts'
import { startRun, testService, until } from '../../support/run-services.ts'

/** A run in the trash that is stopped for the record while its process is still there. */
async function withLingeringTrainer() {
  const trainers = fakeTrainers({
    onJob: (trainer, job) => {
      if (job.type !== 'train') return
      trainer.emit(startedAt(0, 100))
      trainer.emit({ type: 'checkpoint', checkpoint: writeFakeCheckpoint(job.checkpointsDirectory, 0) })
      trainer.emit({ type: 'ended', outcome: 'finished', step: 0, weightsSha256: null, note: null })
    },
  })
  const context = testService({ trainers })
  const { id } = startRun(context.service, 'lingers')
  await context.service.settled(id)
  expect(trainers.latest().exited).toBe(false)
  context.service.delete(id)
  return { ...context, id }
}

describe('a purge that waits for the end of a process', () => {
  it('leaves a run that is restored meanwhile', async () => {
    const { service, workspace, trainers, id } = await withLingeringTrainer()
    const purge = service.purge(id)
    service.restore(id)
    trainers.latest().exit()
    await expect(purge).rejects.toThrow(expect.objectContaining({ code: 'illegal-transition' }))
    expect(service.get(id).deletedAt).toBeNull()
    expect(existsSync(workspace.checkpointsDirectory(id))).toBe(true)
  })

  it('leaves checkpoints that are exported meanwhile', async () => {
    const { service, workspace, trainers, id } = await withLingeringTrainer()
    const purge = service.purge(id)
    const exported = service.exportModel(id, 'tfjs').catch(() => {})
    trainers.all[0]!.exit()
    await expect(purge).rejects.toThrow(expect.objectContaining({ code: 'run-busy' }))
    expect(existsSync(workspace.checkpointsDirectory(id))).toBe(true)
    await until(() => trainers.all.length > 1)
    trainers.latest().exit()
    await exported
  })
})
