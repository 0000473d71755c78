import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { StartTrainer } from '../../../src-core/contract/trainer-process.ts'
import { WorkbenchError } from '../../../src-core/domain/errors.ts'
import { slug } from '../../../src-core/domain/ids.ts'
import { fakeTrainers, startedAt, writeFakeCheckpoint, type FakeBehaviour } from '../../support/fake-trainer.ts'
import { startRun, testService, until } from '../../support/run-services.ts'
import { stepRecord, testSpec } from '../../support/workspaces.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

async function finishedRun(name = 'LRN against BN') {
  const context = testService()
  const { id } = startRun(context.service, name)
  await context.service.settled(id)
  return { ...context, id }
}

describe('exporting', () => {
  it('exports the newest checkpoint to a folder named after the run, and records it', async () => {
    const { service, workspace, id, heard, trainers } = await finishedRun()
    const record = await service.exportModel(id, 'tfjs')
    const directory = join(workspace.exportsDirectory, `lrn-against-bn-${id}-step-40`)
    expect(record).toMatchObject({ id: 1, runId: id, format: 'tfjs', step: 40, directory, bytes: 2 })
    expect(workspace.exports.list()).toEqual([record])
    expect(heard.stages).toEqual(['Starting', 'Writing'])
    expect(trainers.latest().sent).toEqual([
      {
        type: 'export',
        datasetDirectory: null,
        spec: service.get(id).spec,
        checkpointDirectory: join(workspace.checkpointsDirectory(id), 'step-000000040'),
        format: 'tfjs',
        outDirectory: directory,
        temporaryDirectory: expect.stringMatching(/^.*step-40\.[0-9a-f]{8}\.unfinished-export$/),
      },
    ])
    expect(service.events(id).at(-1)).toMatchObject({ kind: 'export' })
  })

  it('keeps every name inside the folder of exports', () => {
    expect(slug('../../etc/passwd')).toBe('etc-passwd')
    expect(slug('<img src=x onerror=alert(1)>')).toBe('img-src-x-onerror-alert-1')
    expect(slug('Größe É')).toBe('gro-e-e')
    expect(slug('日本')).toBe('')
    expect(slug('x'.repeat(60))).toHaveLength(40)
  })

  it('refuses a folder with something in it, takes an empty one', async () => {
    const { service, id } = await finishedRun()
    await service.exportModel(id, 'tfjs')
    const exists = expect.objectContaining({ code: 'export-exists' })
    await expect(service.exportModel(id, 'tfjs')).rejects.toThrow(exists)
    const empty = join(temporaryDirectory(), 'empty')
    mkdirSync(empty)
    expect(await service.exportModel(id, 'tfjs', empty)).toMatchObject({ directory: empty })
    await expect(service.exportModel(id, 'tfjs', empty)).rejects.toThrow(exists)
  })

  it('says that there is nothing to export yet', async () => {
    const { service } = testService()
    const { id } = service.create({ name: 'new', spec: testSpec(), start: false })
    await expect(service.exportModel(id, 'tfjs')).rejects.toThrow(
      expect.objectContaining({
        code: 'checkpoint-missing',
        message: expect.stringContaining('"new" has no checkpoint'),
      }),
    )
  })

  const failures: [string, object, string][] = [
    ['an error', { type: 'failed', error: { code: 'export-mismatch', message: 'differs' } }, 'export-mismatch'],
    ['nonsense', { type: 'nonsense' }, 'trainer-protocol'],
    ['a message of training', { type: 'records', records: [] }, 'trainer-protocol'],
  ]

  it.each([...failures, ['nothing but its end', null, 'trainer-died'] as const])(
    'that gets %s records nothing and leaves nothing behind',
    async (_name, answer, code) => {
      const { service, workspace, id } = await finishedRun()
      const failing = testService({
        workspace,
        trainers: fakeTrainers({
          onJob: (trainer, job) => {
            if (job.type === 'export') mkdirSync(job.temporaryDirectory)
            if (job.type === 'export') writeFileSync(join(job.temporaryDirectory, 'half'), '')
            if (answer) trainer.emit(answer as Record<string, unknown>)
            trainer.exit({ code: answer ? 0 : 1 })
          },
        }),
      })
      await expect(failing.service.exportModel(id, 'tfjs')).rejects.toThrow(expect.objectContaining({ code }))
      expect(workspace.exports.list()).toEqual([])
      expect(readdirSync(workspace.exportsDirectory)).toEqual([])
      expect(service.get(id).state).toBe('finished')
    },
  )

  it('that fails leaves alone what somebody else put in its place meanwhile', async () => {
    const { workspace, id } = await finishedRun()
    const outDirectory = join(temporaryDirectory(), 'target')
    const { service } = testService({
      workspace,
      trainers: fakeTrainers({
        onJob: (trainer) => {
          mkdirSync(outDirectory)
          writeFileSync(join(outDirectory, 'theirs'), '')
          trainer.exit({ code: 1 })
        },
      }),
    })
    await expect(service.exportModel(id, 'tfjs', outDirectory)).rejects.toThrow()
    expect(readdirSync(outDirectory)).toEqual(['theirs'])
  })

  it('that cannot be recorded is removed again', async () => {
    const { workspace, id } = await finishedRun()
    const add = (): never => {
      throw new WorkbenchError('disk-full', 'The disk is full.')
    }
    const { service } = testService({ workspace: { ...workspace, exports: { ...workspace.exports, add } } })
    await expect(service.exportModel(id, 'tfjs')).rejects.toThrow(expect.objectContaining({ code: 'disk-full' }))
    expect(readdirSync(workspace.exportsDirectory)).toEqual([])
  })

  it('keeps its checkpoint from being pruned while the run trains on', async () => {
    const trainers = fakeTrainers({
      onJob: (trainer, job) => void (job.type === 'train' && trainer.emit(startedAt(0))),
    })
    const { service, workspace } = testService({ trainers })
    const { id } = startRun(service)
    await until(() => service.get(id).state === 'running')
    const training = trainers.latest()
    const directory = workspace.checkpointsDirectory(id)
    const save = (step: number): void => {
      training.emit({ type: 'records', records: [stepRecord(step)] })
      training.emit({ type: 'checkpoint', checkpoint: writeFakeCheckpoint(directory, step) })
    }
    save(1)
    const exporting = service.exportModel(id, 'tfjs')
    await until(() => trainers.all.length === 2 && trainers.latest().sentTypes.includes('export'))
    for (const step of [2, 3, 4]) save(step)
    expect(workspace.checkpoints.list(id).map(({ step }) => step)).toEqual([4, 3, 1])
    trainers.latest().exit({ code: 1 })
    await expect(exporting).rejects.toThrow()
    save(5)
    expect(workspace.checkpoints.list(id).map(({ step }) => step)).toEqual([5, 4])
    training.emit({ type: 'ended', outcome: 'stopped', step: 5, weightsSha256: '', note: null })
    training.exit()
  })

  it('runs one after the other', async () => {
    const { workspace, id } = await finishedRun()
    const trainers = fakeTrainers()
    const alive: number[] = []
    const startTrainer: StartTrainer = (options) => {
      alive.push(trainers.all.filter(({ exited }) => !exited).length)
      return trainers.start(options)
    }
    const { service } = testService({ workspace, startTrainer })
    const folder = temporaryDirectory()
    await Promise.all(['a', 'b', 'c'].map((name) => service.exportModel(id, 'tfjs', join(folder, name))))
    expect(alive).toEqual([0, 0, 0])
  })

  it('is given up when the service closes', async () => {
    const { workspace, id } = await finishedRun()
    const onJob: FakeBehaviour['onJob'] = (_, job) => job.type === 'export' && mkdirSync(job.temporaryDirectory)
    const { service, trainers } = testService({ workspace, trainers: fakeTrainers({ onJob }) })
    const exporting = [service.exportModel(id, 'tfjs'), service.exportModel(id, 'tfjs')]
    await until(() => trainers.all.length === 1 && trainers.latest().sent.length > 0)
    const results = Promise.allSettled(exporting)
    await service.close()
    expect((await results).map((result) => String((result as PromiseRejectedResult).reason))).toEqual([
      expect.stringContaining('given up'),
      expect.stringContaining('given up'),
    ])
    expect(trainers.all).toHaveLength(1)
    expect(readdirSync(workspace.exportsDirectory)).toEqual([])
  })
})
