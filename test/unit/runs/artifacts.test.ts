import { describe, expect, it } from 'vitest'
import { WorkbenchError } from '../../../src-core/domain/errors.ts'
import type { Artifact } from '../../../src-core/domain/evaluation/artifact.ts'
import { mostArtifactBytes, type ArtifactWriter } from '../../../src-core/storage/records/artifacts.ts'
import { fakeTrainers, startedAt, writeFakeCheckpoint } from '../../support/fake-trainer.ts'
import { startRun, testService, until } from '../../support/run-services.ts'
import { sampleConfusion, sampleFilters, samplePictures } from '../../support/sample-run.ts'
import { openTestWorkspace, stepRecord, valuesOf } from '../../support/workspaces.ts'

const everyTenth = (step: number): Artifact[] => (step % 10 === 0 ? [sampleConfusion(step, 'validation')] : [])

/** A service whose trainers begin and do nothing by themselves; closing does not wait for them. */
function serviceOfPuppets(commit = 5) {
  const trainers = fakeTrainers({ onJob: (trainer) => trainer.emit(startedAt(0)) })
  return testService({ trainers, times: { commit, close: 50 } })
}

describe('artifacts of a run', () => {
  it('are recorded with the values before them, listed, and told', async () => {
    const { service, workspace, heard } = testService({ trainers: fakeTrainers({ artifactsAt: everyTenth }) })
    const { id } = startRun(service)
    await service.settled(id)
    const headers = service.artifacts(id)
    expect(headers.map(({ step, kind, subject }) => [step, kind, subject])).toEqual(
      [10, 20, 30, 40].map((step) => [step, 'confusion', 'validation']),
    )
    expect(heard.artifacts).toEqual(headers.map((artifact) => ({ runId: id, artifact })))
    expect(service.artifact(headers[1]!.id)).toEqual(sampleConfusion(20, 'validation'))
    expect(valuesOf(workspace, id)).toHaveLength(40)
  })

  it('commit the values that wait: an artifact is never there before its step', async () => {
    const { service, workspace, trainers, heard } = serviceOfPuppets(60_000)
    const { id } = startRun(service)
    await until(() => service.get(id).state === 'running')
    const trainer = trainers.latest()
    trainer.emit({ type: 'records', records: [stepRecord(1), stepRecord(2)] })
    expect(valuesOf(workspace, id)).toEqual([])
    trainer.emit({ type: 'artifact', artifact: sampleConfusion(2) })
    expect(valuesOf(workspace, id)).toHaveLength(2)
    expect(service.get(id).step).toBe(2)
    expect(service.artifacts(id)).toHaveLength(1)
    expect(heard.appended).toEqual([{ runId: id, steps: [1, 2] }])
  })

  it('go back with the values when a run is resumed after a crash', async () => {
    const { service, workspace, trainers, heard } = serviceOfPuppets()
    const { id } = startRun(service)
    await until(() => service.get(id).state === 'running')
    const trainer = trainers.latest()
    for (const step of [1, 2, 3]) {
      trainer.emit({ type: 'records', records: [stepRecord(step)] })
      trainer.emit({ type: 'artifact', artifact: sampleConfusion(step) })
      const checkpoint = writeFakeCheckpoint(workspace.checkpointsDirectory(id), step)
      if (step < 3) trainer.emit({ type: 'checkpoint', checkpoint })
    }
    trainer.exit({ code: 1 })
    await service.settled(id)
    expect(service.artifacts(id).map(({ step }) => step)).toEqual([1, 2, 3])
    service.resume(id)
    await until(() => service.get(id).state === 'preparing')
    expect(service.artifacts(id).map(({ step }) => step)).toEqual([1, 2])
    expect(heard.rewound).toEqual([{ runId: id, toStep: 2 }])
  })

  it('that are too large are left out with a line in the log; the run trains on', async () => {
    const { service, trainers, heard } = serviceOfPuppets()
    const { id } = startRun(service)
    await until(() => service.get(id).state === 'running')
    const pictures = { ...samplePictures(), pixels: 'A'.repeat(mostArtifactBytes / 2) }
    const artifact = { kind: 'reconstruction', step: 1, layer: 'conv1', originals: pictures } as const
    trainers.latest().emit({ type: 'records', records: [stepRecord(1)] })
    trainers.latest().emit({ type: 'artifact', artifact: { ...artifact, reconstructions: pictures } })
    expect(service.get(id)).toMatchObject({ state: 'running', step: 1 })
    expect(service.events(id).at(-1)).toMatchObject({
      kind: 'error',
      message: expect.stringMatching(/"reconstruction" of step 1 is too large.*It was left out\.$/),
    })
    expect([service.artifacts(id), heard.artifacts]).toEqual([[], []])
  })

  it('that are kernels go back with the values, those of the checkpoint stay', async () => {
    const { service, workspace, trainers } = serviceOfPuppets()
    const { id } = startRun(service)
    await until(() => service.get(id).state === 'running')
    const trainer = trainers.latest()
    trainer.emit({ type: 'artifact', artifact: sampleFilters(0) })
    for (const step of [1, 2, 3]) {
      trainer.emit({ type: 'records', records: [stepRecord(step)] })
      trainer.emit({ type: 'artifact', artifact: sampleFilters(step) })
      const checkpoint = writeFakeCheckpoint(workspace.checkpointsDirectory(id), step)
      if (step === 2) trainer.emit({ type: 'checkpoint', checkpoint })
    }
    trainer.exit({ code: 1 })
    await service.settled(id)
    const steps = () => workspace.artifacts.filters(id, 0).map(({ filters }) => filters.step)
    expect(steps()).toEqual([0, 1, 2, 3])
    service.resume(id)
    await until(() => service.get(id).state === 'preparing')
    expect(steps()).toEqual([0, 1, 2])
  })

  it('that are kernels and cannot be written are told once, and the run trains on with its values', async () => {
    const inner = openTestWorkspace()
    const disk = { isFull: true }
    const add: ArtifactWriter['add'] = (id, artifact) => {
      if (disk.isFull) throw new WorkbenchError('disk-full', 'The disk is full.')
      return inner.artifacts.add(id, artifact)
    }
    const workspace = { ...inner, artifacts: { ...inner.artifacts, add } }
    const trainers = fakeTrainers({ onJob: (trainer) => trainer.emit(startedAt(0)) })
    const { service, heard } = testService({ workspace, trainers, times: { commit: 5, close: 50 } })
    const { id, name } = startRun(service)
    await until(() => service.get(id).state === 'running')
    for (const step of [1, 2, 3]) {
      trainers.latest().emit({ type: 'records', records: [stepRecord(step)] })
      if (step === 3) disk.isFull = false
      trainers.latest().emit({ type: 'artifact', artifact: sampleFilters(step) })
    }
    expect(service.get(id)).toMatchObject({ state: 'running', step: 3 })
    expect(valuesOf(inner, id)).toHaveLength(3)
    expect(inner.artifacts.filters(id, 0).map(({ filters }) => filters.step)).toEqual([3])
    expect(heard.notices).toEqual([
      `warning: The kernels of "${name}" at step 1 could not be recorded: The disk is full. The run trains on without them.`,
    ])
    expect(heard.artifacts).toHaveLength(1)
  })

  it('before the training has begun, or not well-formed, fail the run', async () => {
    for (const early of [true, false]) {
      const artifact = early ? sampleConfusion() : { ...sampleConfusion(), part: 'training' }
      const trainers = fakeTrainers({
        onJob: (trainer) => {
          if (!early) trainer.emit(startedAt(0))
          trainer.emit({ type: 'artifact', artifact })
        },
      })
      const { service } = testService({ trainers })
      const { id } = startRun(service)
      expect(await service.settled(id)).toMatchObject({ state: 'failed', error: { code: 'trainer-protocol' } })
      expect(service.get(id).error!.message).toMatch(early ? /"artifact" when it was not its turn/ : /artifact\.part/)
      expect(service.artifacts(id)).toEqual([])
    }
  })

  it('that are not recorded are refused by name', () => {
    const { service } = testService()
    expect(() => service.artifact(5)).toThrow(
      expect.objectContaining({ code: 'usage', message: 'There is no artifact 5.' }),
    )
    const unknown = expect.objectContaining({ code: 'run-not-found' })
    expect(() => service.artifacts('r0000000000')).toThrow(unknown)
    expect(() => service.checkpoints('r0000000000')).toThrow(unknown)
  })
})

describe('why a run ended', () => {
  it('is a line in its log', async () => {
    const note = 'Stopped early: 3 evaluations without improvement.'
    const { service } = testService({ trainers: fakeTrainers({ totalSteps: 5, note }) })
    const { id } = startRun(service)
    expect(await service.settled(id)).toMatchObject({ state: 'finished', error: null })
    expect(
      service
        .events(id)
        .slice(-2)
        .map(({ kind, message }) => [kind, message]),
    ).toEqual([
      ['note', note],
      ['state', 'Finished at step 5.'],
    ])
  })

  it('by divergence is its error, with the checkpoint that is kept', async () => {
    const note = 'The loss became NaN.'
    const { service } = testService({ trainers: fakeTrainers({ divergesAt: 13, note }) })
    const { id } = startRun(service)
    const message = 'The loss became NaN. The last finite checkpoint, at step 10, is kept.'
    expect(await service.settled(id)).toMatchObject({ state: 'diverged', error: { code: 'diverged', message } })
    expect(service.checkpoints(id)).toMatchObject([{ step: 10, mark: 'last-finite' }])
    expect(service.events(id).map(({ kind, message: line }) => `${kind}: ${line}`)).toContain(`error: ${message}`)
  })

  it('by divergence before the first checkpoint says that there is none', async () => {
    const { service } = testService({ trainers: fakeTrainers({ divergesAt: 3 }) })
    const { id } = startRun(service)
    const run = await service.settled(id)
    expect(run.error!.message).toMatch(/at step 3\. It has no checkpoint\.$/)
    expect(service.checkpoints(id)).toEqual([])
  })
})
