import { existsSync, readdirSync } from 'node:fs'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { StepRecord } from '../../../src-core/domain/metrics.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import { setAtPath } from '../../../src-core/domain/spec/paths.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { RunService } from '../../../src-core/runs/run-service.ts'
import { fakeEnvironment, fakeTrainers, startedAt, writeFakeCheckpoint } from '../../support/fake-trainer.ts'
import { startRun, testService, until } from '../../support/run-services.ts'
import { openTestWorkspace, stepRecord, testSpec, valuesOf } from '../../support/workspaces.ts'

const oneToN = (n: number): number[][] => Array.from({ length: n }, (_, index) => [index + 1, 1 / (index + 1)])

describe('creating a run', () => {
  it('records it as paused at step 0, or queues it', () => {
    const { service } = testService()
    const waiting = service.create({ name: ' waiting ', spec: testSpec(), start: false })
    expect(waiting).toMatchObject({ name: 'waiting', state: 'paused', step: 0, checkpointStep: null, color: 0 })
    expect(waiting.parameters).toBeGreaterThan(1_000_000)
    const queued = service.create({ name: 'queued', spec: testSpec(), start: true })
    expect(queued).toMatchObject({ state: 'queued', queuePosition: 0, color: 1, specHash: waiting.specHash })
    expect(service.events(queued.id).map(({ message }) => message)).toEqual(['Created.', 'Queued.'])
  })

  it('keeps markup in a name as the text that it is', () => {
    const { service } = testService()
    const name = `<img src=x onerror=alert(1)> & "'; DROP TABLE runs; --`
    expect(service.get(service.create({ name, spec: testSpec(), start: false }).id).name).toBe(name)
  })

  const refusals: [string, (spec: RunSpec) => RunSpec, string, RegExp][] = [
    [
      'a data set that is not there',
      (spec) => setAtPath(spec, 'data.dataset', 'cats'),
      'unknown-dataset',
      /cats.*mnist/,
    ],
    [
      'fewer classes than the data set has',
      (spec) => setAtPath(spec, 'model.classes', 9),
      'invalid-value',
      /at least 10.*got 9/,
    ],
    [
      'an input that the layers cannot take',
      () => setAtPath(recipeSpec('keras-bn'), 'model.input.size', 32),
      'input-too-small',
      /32/,
    ],
    [
      'a batch larger than what is left after the validation share',
      (spec) => setAtPath(setAtPath(spec, 'data.trainImages', 70), 'training.batchSize', 64),
      'batch-too-large',
      /64 images.*the 63 images/,
    ],
    ['a field that does not exist', (spec) => ({ ...spec, extra: 1 }) as RunSpec, 'unknown-field', /extra/],
  ]

  it.each(refusals)('refuses %s', (_name, change, code, message) => {
    const { service } = testService()
    const create = () => service.create({ name: 'a run', spec: change(testSpec()), start: true })
    expect(create).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }))
    expect(service.list({ deleted: false })).toEqual([])
  })

  it('takes a batch that just fits, and refuses an empty name', () => {
    const { service } = testService()
    const spec = setAtPath(setAtPath(testSpec(), 'data.trainImages', 71), 'training.batchSize', 64)
    expect(service.create({ name: 'fits', spec, start: false }).state).toBe('paused')
    expect(() => service.create({ name: '  ', spec, start: false })).toThrow(
      expect.objectContaining({ code: 'invalid-value' }),
    )
  })
})

describe('a run', () => {
  it('trains to its end: every value once, states in order, progress recorded', async () => {
    const { service, workspace, heard } = testService()
    const { id } = startRun(service)
    const run = await service.settled(id)
    expect(run).toMatchObject({ state: 'finished', step: 40, totalSteps: 40, checkpointStep: 40, queuePosition: null })
    expect(run).toMatchObject({ environment: fakeEnvironment, weightsSha256: 'f'.repeat(64), error: null, epoch: 4 })
    expect(run.endedAt).toBeGreaterThanOrEqual(run.startedAt!)
    expect(valuesOf(workspace, id)).toEqual(oneToN(40))
    expect(heard.appended.flatMap(({ steps }) => steps)).toEqual(oneToN(40).map(([step]) => step))
    expect(heard.states(id)).toEqual(['queued', 'preparing', 'running', 'finished'])
    expect(service.events(id).map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
      'state: Created.',
      'state: Queued.',
      'state: Prepares to begin at step 0.',
      'note: Opening the data set',
      'state: Trains from step 0 of 40.',
      'checkpoint: Checkpoint at step 10 (interval).',
      'checkpoint: Checkpoint at step 20 (interval).',
      'checkpoint: Checkpoint at step 30 (interval).',
      'checkpoint: Checkpoint at step 40 (finished).',
      'state: Finished at step 40.',
    ])
  })

  it('keeps the two newest checkpoints, in the record and on the disk', async () => {
    const { service, workspace } = testService()
    const { id } = startRun(service)
    await service.settled(id)
    const kept = ['step-000000030', 'step-000000040']
    expect(workspace.checkpoints.list(id).map(({ directory }) => directory)).toEqual(kept.toReversed())
    await until(() => readdirSync(workspace.checkpointsDirectory(id)).length === 2, 'pruning')
    expect(readdirSync(workspace.checkpointsDirectory(id)).sort()).toEqual(kept)
  })

  it('pauses durably and goes on where it was, as if it had never paused', async () => {
    const { service, workspace, trainers, heard } = testService()
    const { id } = startRun(service)
    await until(() => service.get(id).step >= 13)
    const paused = await service.pause(id)
    expect(paused.state).toBe('paused')
    expect(paused.checkpointStep).toBe(paused.step)
    expect(valuesOf(workspace, id)).toHaveLength(paused.step)
    expect(service.resume(id).state).toBe('queued')
    expect(await service.settled(id)).toMatchObject({ state: 'finished', step: 40 })
    expect(valuesOf(workspace, id)).toEqual(oneToN(40))
    expect(heard.rewound).toEqual([])
    const [, second] = trainers.all
    expect(second!.sent[0]).toMatchObject({ type: 'train', resumeFrom: expect.stringMatching(/\/step-0000000\d\d$/) })
  })

  it('is paused only once the checkpoint is committed', async () => {
    const { service, workspace, trainers } = testService({
      trainers: fakeTrainers({ checkpointTime: 60, checkpointEvery: 1000, totalSteps: 1000 }),
    })
    const { id } = startRun(service)
    await until(() => service.get(id).step >= 3)
    let resolved = false
    const pausing = service.pause(id).then((run) => {
      resolved = true
      return run
    })
    expect(service.get(id).state).toBe('pausing')
    await until(() => existsSync(workspace.checkpointsDirectory(id)))
    expect(resolved).toBe(false)
    expect(workspace.checkpoints.newest(id)).toBeNull()
    const paused = await pausing
    expect(workspace.checkpoints.newest(id)).toMatchObject({ step: paused.step, coveredStep: paused.step })
    expect(trainers.latest().sentTypes).toEqual(['train', 'pause', 'recorded'])
  })

  it('that still prepares is paused as soon as it can be', async () => {
    const { service, trainers } = testService()
    const { id } = startRun(service)
    expect(service.get(id).state).toBe('preparing')
    expect(await service.pause(id)).toMatchObject({ state: 'paused' })
    expect(trainers.latest().sentTypes.slice(0, 2)).toEqual(['train', 'pause'])
  })

  it('stops with a last checkpoint and can be resumed', async () => {
    const { service } = testService({ trainers: fakeTrainers({ totalSteps: 400 }) })
    const { id } = startRun(service)
    await until(() => service.get(id).step >= 3)
    const stopped = await service.stop(id)
    expect(stopped).toMatchObject({ state: 'stopped', checkpointStep: stopped.step })
    service.resume(id)
    await until(() => service.get(id).state === 'running')
    expect(await service.stop(id)).toMatchObject({ state: 'stopped' })
  })

  it('that was asked to pause and then to stop is stopped', async () => {
    const { service } = testService({ trainers: fakeTrainers({ totalSteps: 400, checkpointTime: 30 }) })
    const { id } = startRun(service)
    await until(() => service.get(id).step >= 3)
    const [paused, stopped] = await Promise.all([service.pause(id), service.stop(id)])
    expect([paused.state, stopped.state]).toEqual(['stopped', 'stopped'])
  })

  it('keeps the thread count it began with', async () => {
    let threads: number | null = 3
    const { service, trainers } = testService({ threads: () => threads })
    const { id } = startRun(service)
    await until(() => service.get(id).step >= 3)
    await service.pause(id)
    threads = 8
    service.resume(id)
    await service.settled(id)
    expect(trainers.all.map((trainer) => trainer.threads)).toEqual([3, 3])
  })

  it('announces mere progress at most about four times a second', async () => {
    const { service, heard } = testService({ trainers: fakeTrainers({ totalSteps: 400, checkpointEvery: 1000 }) })
    const { id } = startRun(service)
    await until(() => service.get(id).state === 'running')
    const before = heard.runs.length
    const since = performance.now()
    await until(() => service.get(id).step > 250)
    const told = heard.runs.length - before
    expect(told).toBeLessThanOrEqual(Math.ceil((performance.now() - since) / 250) + 1)
    expect(heard.appended.length).toBeGreaterThan(told)
    await service.stop(id)
  })
})

describe('a listener that throws', () => {
  it('does no harm to a run; its error surfaces outside', async () => {
    const errors: unknown[] = []
    const others = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    process.on('uncaughtException', (error) => errors.push(error))
    onTestFinished(() => {
      process.removeAllListeners('uncaughtException')
      for (const listener of others) process.on('uncaughtException', listener)
    })
    const trainers = fakeTrainers({ totalSteps: 5 })
    const broken = new Error('the window is gone')
    const listeners = {
      metricsAppended: () => {
        throw broken
      },
    }
    const service = new RunService({ workspace: openTestWorkspace(), startTrainer: trainers.start, listeners })
    const { id } = startRun(service)
    expect(await service.settled(id)).toMatchObject({ state: 'finished' })
    await service.close()
    expect(errors.length).toBeGreaterThan(0)
    expect(new Set(errors)).toEqual(new Set([broken]))
  })
})

describe('operations that a state does not allow', () => {
  it('are refused by name', async () => {
    const { service } = testService()
    const { id } = startRun(service)
    const illegal = expect.objectContaining({ code: 'illegal-transition' })
    expect(() => service.resume(id)).toThrow(illegal)
    expect(() => service.delete(id)).toThrow(expect.objectContaining({ code: 'run-busy' }))
    expect(() => service.reorder(id, 0)).toThrow(illegal)
    await expect(service.purge(id)).rejects.toThrow(illegal)
    await service.settled(id)
    expect(() => service.resume(id)).toThrow(/finished/)
    await expect(service.pause(id)).rejects.toThrow(illegal)
    await expect(service.stop(id)).rejects.toThrow(illegal)
    const unknown = expect.objectContaining({ code: 'run-not-found' })
    expect(() => service.get('r0000000000')).toThrow(unknown)
    expect(() => service.events('r0000000000')).toThrow(unknown)
    await expect(service.settled('r0000000000')).rejects.toThrow(unknown)
  })
})

describe('the queue', () => {
  it('starts nothing before it is told to, then one run after another', async () => {
    const { service, trainers } = testService()
    const ids = ['a', 'b', 'c'].map((name) => service.create({ name, spec: testSpec(), start: true }).id)
    expect(trainers.all).toHaveLength(0)
    service.startQueue()
    expect(ids.map((id) => service.get(id).state)).toEqual(['preparing', 'queued', 'queued'])
    expect(ids.map((id) => service.get(id).queuePosition)).toEqual([null, 0, 1])
    await Promise.all(ids.map((id) => service.settled(id)))
    const started = ids.map((id) => service.get(id).startedAt!)
    expect(started).toEqual(started.toSorted((a, b) => a - b))
    expect(trainers.all).toHaveLength(3)
  })

  it('with `only` starts that run and leaves the others', async () => {
    const { service } = testService()
    const [first, second] = ['a', 'b'].map((name) => service.create({ name, spec: testSpec(), start: true }).id)
    service.startQueue({ only: second! })
    await service.settled(second!)
    expect(service.get(first!)).toMatchObject({ state: 'queued', queuePosition: 0 })
    expect(service.get(second!).state).toBe('finished')
  })

  it('can be reordered and left, and survives reopening', async () => {
    const workspace = openTestWorkspace()
    const { service } = testService({ workspace })
    const ids = ['a', 'b', 'c', 'd'].map((name) => service.create({ name, spec: testSpec(), start: true }).id)
    const [a, b, c, d] = ids as [string, string, string, string]
    expect(service.reorder(d, 0).map(({ id }) => id)).toEqual([d, a, b, c])
    expect(service.reorder(d, 2).map(({ id, queuePosition }) => [id, queuePosition])).toEqual([
      [a, 0],
      [b, 1],
      [d, 2],
      [c, 3],
    ])
    expect(await service.pause(b)).toMatchObject({ state: 'paused', queuePosition: null })
    expect(await service.stop(a)).toMatchObject({ state: 'stopped', queuePosition: null })
    await service.close()
    workspace.close()
    const again = openTestWorkspace(workspace.directory)
    const reopened = testService({ workspace: again })
    expect(reopened.service.recover()).toEqual([])
    expect(again.runs.queue()).toEqual([d, c])
    expect(reopened.service.get(c)).toMatchObject({ state: 'queued', queuePosition: 1 })
  })
})

describe('the trash', () => {
  it('takes a run, gives it back, and deletes it for good', async () => {
    const { service, workspace, heard } = testService()
    const { id } = startRun(service)
    await service.settled(id)
    const exported = await service.exportModel(id, 'tfjs')
    expect(service.delete(id).deletedAt).not.toBeNull()
    expect(service.list({ deleted: false })).toEqual([])
    expect(service.list({ deleted: true }).map((run) => run.id)).toEqual([id])
    expect(service.restore(id).deletedAt).toBeNull()
    service.delete(id)
    await service.purge(id)
    expect(heard.purged).toEqual([id])
    expect(() => service.get(id)).toThrow(expect.objectContaining({ code: 'run-not-found' }))
    expect(existsSync(workspace.checkpointsDirectory(id))).toBe(false)
    expect(workspace.metrics.names(id)).toEqual([])
    expect(existsSync(exported.directory)).toBe(true)
    expect(workspace.exports.list()).toEqual([exported])
  })

  it('takes a queued run out of the queue and does not let it be resumed', () => {
    const { service } = testService()
    const { id } = service.create({ name: 'a', spec: testSpec(), start: true })
    expect(service.delete(id)).toMatchObject({ state: 'paused', queuePosition: null })
    expect(() => service.resume(id)).toThrow(/in the trash/)
  })
})

describe('names and colours', () => {
  it('can be changed; a new run gets the lowest colour that is free', () => {
    const { service } = testService()
    const make = (): string => service.create({ name: 'a', spec: testSpec(), start: false }).id
    const [first, second] = [make(), make(), make()]
    expect(service.rename(first!, 'b').name).toBe('b')
    service.delete(second!)
    expect(service.get(make()).color).toBe(1)
    expect(service.recolor(first!, 9).color).toBe(9)
    expect(service.get(make()).color).toBe(0)
  })
})

describe('closing', () => {
  it('pauses the active run durably, keeps the queue and starts nothing more', async () => {
    const { service, trainers } = testService({ trainers: fakeTrainers({ totalSteps: 1000 }) })
    const { id } = startRun(service)
    const waiting = service.create({ name: 'waits', spec: testSpec(), start: true }).id
    await until(() => service.get(id).step >= 5)
    await service.close()
    const run = service.get(id)
    expect(run).toMatchObject({ state: 'paused', checkpointStep: run.step })
    expect(service.get(waiting)).toMatchObject({ state: 'queued', queuePosition: 0 })
    expect(trainers.all.map(({ exited }) => exited)).toEqual([true])
  })

  it('kills a trainer that does not pause in time; the run is interrupted and keeps its values', async () => {
    const { service, trainers, workspace } = testService({
      trainers: fakeTrainers({ onJob: (trainer) => trainer.emit(startedAt(0)) }),
      times: { close: 50 },
    })
    const { id } = startRun(service)
    await until(() => service.get(id).state === 'running')
    trainers.latest().emit({ type: 'records', records: [stepRecord(1)] })
    await service.close()
    expect(trainers.latest().killed).toBe(true)
    expect(service.get(id)).toMatchObject({ state: 'interrupted', step: 1 })
    expect(valuesOf(workspace, id)).toEqual([[1, 1]])
  })
})

/** The record of a step that an evaluation followed. */
function evaluated(step: number, accuracy: number): StepRecord {
  return stepRecord(step, { 'train/loss': 1 / step, 'validation/accuracy': accuracy })
}

describe('a checkpoint taken during an evaluation', () => {
  it('covers the values before it; the step that was evaluated comes again after resuming', async () => {
    const { service, workspace, trainers, heard } = testService({ trainers: fakeTrainers({ onJob: () => {} }) })
    const { id } = startRun(service)
    await until(() => trainers.latest().sentTypes.includes('train'))
    const first = trainers.latest()
    const directory = workspace.checkpointsDirectory(id)
    first.emit(startedAt(0))
    first.emit({ type: 'records', records: [evaluated(1, 0.5), ...[2, 3, 4].map((step) => stepRecord(step))] })
    first.emit({ type: 'checkpoint', checkpoint: writeFakeCheckpoint(directory, 5, { reason: 'pause' }) })
    first.emit({ type: 'ended', outcome: 'paused', step: 5, weightsSha256: '', note: null })
    first.exit()
    await service.settled(id)
    for (const lastStep of [7, 8]) {
      const before = trainers.latest()
      service.resume(id)
      await until(() => trainers.latest() !== before && trainers.latest().sentTypes.includes('train'))
      const trainer = trainers.latest()
      trainer.emit(startedAt(5))
      const steps = Array.from({ length: lastStep - 4 }, (_, index) => index + 5)
      expect(service.get(id).best).toMatchObject({ value: 0.5, step: 1 })
      trainer.emit({
        type: 'records',
        records: steps.map((step) => (step === 5 ? evaluated(5, 0.9) : stepRecord(step))),
      })
      trainer.exit({ code: 1 })
      const best = { metric: 'validation/accuracy', value: 0.9, step: 5, epoch: 0.5 }
      expect(await service.settled(id)).toMatchObject({ state: 'failed', error: { code: 'trainer-died' }, best })
      expect(valuesOf(workspace, id)).toEqual(oneToN(lastStep))
      await until(() => trainer.exited)
    }
    expect(heard.rewound).toEqual([{ runId: id, toStep: 4 }])
  })
})

describe('tags and notes of many runs', () => {
  function manyRuns() {
    const context = testService()
    const spec = testSpec()
    const ids = context.service
      .createAll(
        Array.from({ length: 3 }, (_, index) => ({ name: `run ${index}`, spec })),
        false,
      )
      .map(({ id }) => id)
    context.heard.runs.length = 0
    return { ...context, ids }
  }

  it('are written without reading the runs, and announced to nobody', () => {
    const { service, workspace, heard, ids } = manyRuns()
    const read = vi.spyOn(workspace.runs, 'find')
    service.changeTags(ids, { add: ['b', 'a', 'c'], remove: [] })
    service.changeTags(ids.slice(1), { add: ['d', 'a'], remove: ['b', 'not-there'] })
    service.setNotes(ids.slice(1), '# Seen')
    expect([read.mock.calls, heard.runs]).toEqual([[], []])
    read.mockRestore()
    expect(ids.map((id) => service.get(id).tags)).toEqual([
      ['a', 'b', 'c'],
      ['a', 'c', 'd'],
      ['a', 'c', 'd'],
    ])
    expect(ids.map((id) => service.get(id).notes)).toEqual(['', '# Seen', '# Seen'])
  })

  it('are written for all runs or for none', () => {
    const { service, ids } = manyRuns()
    const unknown = [...ids, 'r0000000000']
    const notFound = expect.objectContaining({ code: 'run-not-found' }) as Error
    expect(() => service.changeTags(unknown, { add: ['x'], remove: [] })).toThrow(notFound)
    expect(() => service.setNotes(unknown, 'x')).toThrow(notFound)
    const tags = Array.from({ length: 30 }, (_, index) => `t${index}`)
    service.changeTags([ids[2]!], { add: tags, remove: [] })
    expect(() => service.changeTags(ids, { add: ['one-more'], remove: [] })).toThrow(
      expect.objectContaining({
        code: 'invalid-value',
        message: expect.stringMatching(/at most 30 tags.*would have 31/),
      }),
    )
    service.changeTags([ids[2]!], { add: ['one-more'], remove: ['t0'] })
    expect(ids.map((id) => [service.get(id).tags.length, service.get(id).notes])).toEqual([
      [0, ''],
      [0, ''],
      [30, ''],
    ])
  })
})
