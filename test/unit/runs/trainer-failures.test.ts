import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FromTrainer } from '../../../src-core/contract/trainer-protocol.ts'
import { WorkbenchError } from '../../../src-core/domain/errors.ts'
import type { RunService } from '../../../src-core/runs/run-service.ts'
import { fakeEnvironment, fakeTrainers, startedAt, writeFakeCheckpoint } from '../../support/fake-trainer.ts'
import { startRun, testService, until } from '../../support/run-services.ts'
import { openTestWorkspace, stepRecord, testSpec, valuesOf } from '../../support/workspaces.ts'

/** A trainer that has begun and does nothing by itself. */
const puppets = () => fakeTrainers({ onJob: (trainer) => trainer.emit(startedAt(0)) })

async function untilRunning(service: RunService, id: string): Promise<void> {
  await until(() => service.get(id).state === 'running', 'running')
}

describe('a trainer that dies', () => {
  it('fails the run with how it ended and what it last said, and keeps what was committed', async () => {
    const { service, workspace, trainers } = testService({ trainers: puppets() })
    const { id } = startRun(service)
    await untilRunning(service, id)
    const trainer = trainers.latest()
    trainer.emit({ type: 'records', records: [stepRecord(1), stepRecord(2)] })
    trainer.emit({ type: 'checkpoint', checkpoint: writeFakeCheckpoint(workspace.checkpointsDirectory(id), 2) })
    trainer.emit({ type: 'records', records: [stepRecord(3)] })
    trainer.exit({ code: null, signal: 'SIGKILL', stderr: 'line 1\nout of memory' })
    const run = await service.settled(id)
    expect(run).toMatchObject({ state: 'failed', step: 3, checkpointStep: 2, error: { code: 'trainer-died' } })
    expect(run.error!.message).toMatch(/signal SIGKILL.*memory was used up\.\nline 1\nout of memory/s)
    expect(run.error!.details).toMatchObject({ code: null, signal: 'SIGKILL' })
    expect(valuesOf(workspace, id)).toHaveLength(3)
    expect(service.events(id).map(({ message }) => message)).toContain('Failed. It can be resumed from step 2.')
  })

  it('before it is ready fails the run, and the next one gets its turn', async () => {
    const { service, trainers } = testService({ trainers: fakeTrainers({ failToLoad: { code: 1, stderr: 'no lib' } }) })
    const first = service.create({ name: 'a', spec: testSpec(), start: true }).id
    const second = startRun(service).id
    expect((await service.settled(first)).error).toMatchObject({ code: 'trainer-died' })
    expect((await service.settled(second)).error!.message).toContain('exit status 1')
    expect(trainers.all).toHaveLength(2)
  })

  it('that cannot even be started fails the run', async () => {
    const { service } = testService({
      startTrainer: () => {
        throw new Error('spawn ENOENT')
      },
    })
    const { id } = startRun(service)
    expect(await service.settled(id)).toMatchObject({ state: 'failed', error: { code: 'trainer-died' } })
  })

  it('is resumed from its checkpoint: history goes back first, in the record and for the listeners', async () => {
    const { service, workspace, trainers, heard } = testService({
      trainers: fakeTrainers({ totalSteps: 20, checkpointEvery: 5, stepTime: 3 }),
    })
    const { id } = startRun(service)
    await until(() => service.get(id).step >= 7)
    trainers.latest().exit({ code: 134 })
    const failed = await service.settled(id)
    const { checkpointStep } = failed
    service.resume(id)
    await until(() => service.get(id).state === 'preparing')
    expect(service.get(id)).toMatchObject({ step: checkpointStep, error: null })
    expect(valuesOf(workspace, id)).toHaveLength(checkpointStep!)
    expect(heard.rewound).toEqual([{ runId: id, toStep: checkpointStep }])
    expect(await service.settled(id)).toMatchObject({ state: 'finished', step: 20 })
    expect(valuesOf(workspace, id).map(([step]) => step)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
  })

  it('without a checkpoint begins anew at step 0', async () => {
    const { service, workspace, heard } = testService({
      trainers: fakeTrainers({ onJob: (trainer) => dieAfterOneStep(trainer) }),
    })
    const { id } = startRun(service)
    expect(await service.settled(id)).toMatchObject({ state: 'failed', step: 1, checkpointStep: null })
    service.resume(id)
    await until(() => service.get(id).state === 'preparing')
    expect(valuesOf(workspace, id)).toEqual([])
    expect(heard.rewound).toEqual([{ runId: id, toStep: 0 }])
    await service.settled(id)
  })
})

function dieAfterOneStep(trainer: { emit(message: FromTrainer): void; exit(exit: { code: number }): void }): void {
  trainer.emit(startedAt(0))
  trainer.emit({ type: 'records', records: [stepRecord(1)] })
  trainer.exit({ code: 1 })
}

describe('a trainer that breaks the protocol', () => {
  const violations: [string, Record<string, unknown>[], RegExp][] = [
    ['a message that is none', [{ hello: 'world' }], /not understood \(type\)/],
    ['a number where text belongs', [{ type: 'preparing', stage: 5 }], /not understood \(stage\)/],
    ['a field too many', [{ type: 'preparing', stage: 'x', more: 1 }], /not understood/],
    ['a second ready', [{ type: 'ready', environment: fakeEnvironment }], /"ready" when it was not its turn/],
    ['a second start', [startedAt(0)], /"started" when it was not its turn/],
    [
      'an export',
      [
        {
          type: 'exported',
          result: { directory: '/', files: [], check: { images: 1, maxAbsDiff: 0, top1Agreement: 1 } },
        },
      ],
      /"exported"/,
    ],
    ['steps that go back', [{ type: 'records', records: [stepRecord(2), stepRecord(1)] }], /step 1 .* after step 2/],
    [
      'a pause without a checkpoint',
      [
        { type: 'records', records: [stepRecord(1)] },
        { type: 'ended', outcome: 'paused', step: 1, weightsSha256: '', note: null },
      ],
      /paused at step 1 without a checkpoint/,
    ],
  ]

  it.each(violations)('%s: fails the run and ends the process', async (_name, messages, expected) => {
    const { service, trainers } = testService({ trainers: puppets() })
    const { id } = startRun(service)
    await untilRunning(service, id)
    for (const message of messages) trainers.latest().emit(message)
    const run = await service.settled(id)
    expect(run).toMatchObject({ state: 'failed', error: { code: 'trainer-protocol' } })
    expect(run.error!.message).toMatch(expected)
    await until(() => trainers.latest().killed, 'the end of the process')
  })

  it('a start at another step than asked', async () => {
    const { service } = testService({ trainers: fakeTrainers({ onJob: (trainer) => trainer.emit(startedAt(5)) }) })
    const { id } = startRun(service)
    expect((await service.settled(id)).error).toMatchObject({
      code: 'trainer-protocol',
      message: expect.stringContaining('step 5 instead of 0'),
    })
  })

  it('a checkpoint that is not there, or whose manifest is another', async () => {
    const { service, workspace, trainers } = testService({ trainers: puppets() })
    for (const code of ['checkpoint-missing', 'checkpoint-damaged']) {
      const { id } = startRun(service)
      await untilRunning(service, id)
      const directory = workspace.checkpointsDirectory(id)
      const checkpoint = writeFakeCheckpoint(directory, 1)
      if (code === 'checkpoint-missing') rmSync(directory, { recursive: true })
      else writeFileSync(join(directory, checkpoint.directory, 'manifest.json'), '{}')
      trainers.latest().emit({ type: 'checkpoint', checkpoint })
      expect(await service.settled(id)).toMatchObject({ state: 'failed', error: { code }, checkpointStep: null })
      expect(trainers.latest().sentTypes).not.toContain('recorded')
      await until(() => trainers.latest().exited)
    }
  })

  it('a lasting silence after a stop', async () => {
    const { service, trainers } = testService({ trainers: puppets(), times: { stop: 40 } })
    const { id } = startRun(service)
    await untilRunning(service, id)
    const stopped = await service.stop(id)
    expect(stopped).toMatchObject({ state: 'failed', error: { code: 'trainer-died' } })
    expect(stopped.error!.message).toMatch(/asked to stop/)
    expect(trainers.latest().killed).toBe(true)
  })

  it('a process that does not end after its last message is killed; the run keeps its outcome', async () => {
    const { service, trainers } = testService({ trainers: puppets(), times: { exit: 30 } })
    const { id } = startRun(service)
    await untilRunning(service, id)
    trainers.latest().emit({ type: 'ended', outcome: 'finished', step: 0, weightsSha256: 'x', note: null })
    expect(await service.settled(id)).toMatchObject({ state: 'finished', weightsSha256: 'x' })
    await until(() => trainers.latest().killed, 'the end of the process')
    expect(service.get(id).state).toBe('finished')
  })
})

describe('a trainer that reports', () => {
  it('an error: the run has it, and can be resumed', async () => {
    const error = { code: 'out-of-memory', message: 'A batch of 8192 does not fit.' } as const
    const { service } = testService({
      trainers: fakeTrainers({ onJob: (trainer) => trainer.emit({ type: 'failed', error }) }),
    })
    const { id } = startRun(service)
    expect(await service.settled(id)).toMatchObject({ state: 'failed', error })
    expect(service.events(id).find(({ kind }) => kind === 'error')!.message).toContain('does not fit')
  })

  it('a pause of its own accord: the run is paused', async () => {
    const { service, workspace, trainers } = testService({ trainers: puppets() })
    const { id } = startRun(service)
    await untilRunning(service, id)
    const trainer = trainers.latest()
    trainer.emit({ type: 'records', records: [stepRecord(1)] })
    trainer.emit({ type: 'checkpoint', checkpoint: writeFakeCheckpoint(workspace.checkpointsDirectory(id), 1) })
    trainer.emit({ type: 'ended', outcome: 'paused', step: 1, weightsSha256: '', note: null })
    expect(await service.settled(id)).toMatchObject({ state: 'paused', step: 1 })
  })

  it('divergence: the run says so, and its values keep NaN', async () => {
    const { service, workspace, trainers } = testService({ trainers: puppets() })
    const { id } = startRun(service)
    await untilRunning(service, id)
    trainers.latest().emit({ type: 'records', records: [stepRecord(1, { 'train/loss': NaN })] })
    trainers.latest().emit({ type: 'ended', outcome: 'diverged', step: 1, weightsSha256: '', note: null })
    expect(await service.settled(id)).toMatchObject({ state: 'diverged', last: { 'train/loss': NaN } })
    expect(valuesOf(workspace, id)).toEqual([[1, NaN]])
  })
})

/** A service over a workspace whose disk is full as long as the test says so. */
function serviceOnSmallDisk(times: { retry: number; close?: number } = { retry: 20 }) {
  const inner = openTestWorkspace()
  const disk = { isFull: false }
  const write = <T>(work: () => T): T => {
    if (disk.isFull) throw new WorkbenchError('disk-full', 'The disk is full.')
    return inner.write(work)
  }
  return { ...testService({ workspace: { ...inner, write }, trainers: fakeTrainers({ totalSteps: 60 }), times }), disk }
}

describe('a full disk', () => {
  it('fails the run as soon as that can be recorded, and the run goes on when there is space again', async () => {
    const { service, workspace, heard, trainers, disk } = serviceOnSmallDisk()
    const { id } = startRun(service)
    await until(() => service.get(id).step >= 13)
    disk.isFull = true
    await until(() => trainers.latest().exited)
    await until(() => heard.notices.length > 0)
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(heard.notices).toEqual([expect.stringMatching(/error: .*could not be recorded yet: The disk is full/)])
    disk.isFull = false
    expect(await service.settled(id)).toMatchObject({ state: 'failed', error: { code: 'disk-full' } })
    service.resume(id)
    expect(await service.settled(id)).toMatchObject({ state: 'finished', error: null })
    expect(valuesOf(workspace, id).map(([step]) => step)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1))
  })

  it('on which a queued run cannot start fails that run, and the next one gets its turn', async () => {
    const { service, heard, trainers, disk } = serviceOnSmallDisk()
    const [first, second] = ['a', 'b'].map((name) => service.create({ name, spec: testSpec(), start: true }).id)
    disk.isFull = true
    service.startQueue({ only: first! })
    await until(() => heard.notices.length > 0)
    expect(service.get(first!).state).toBe('queued')
    disk.isFull = false
    expect(await service.settled(first!)).toMatchObject({ state: 'failed', step: 0, error: { code: 'disk-full' } })
    expect(trainers.all).toHaveLength(0)
    service.startQueue()
    expect(await service.settled(second!)).toMatchObject({ state: 'finished' })
  })

  it('does not fail a run that left the queue while its start was tried again', async () => {
    const { service, heard, disk } = serviceOnSmallDisk({ retry: 50 })
    const { id } = service.create({ name: 'a', spec: testSpec(), start: true })
    disk.isFull = true
    service.startQueue()
    await until(() => heard.notices.length > 0)
    disk.isFull = false
    expect(await service.pause(id)).toMatchObject({ state: 'paused' })
    await new Promise((resolve) => setTimeout(resolve, 120))
    expect(service.get(id)).toMatchObject({ state: 'paused', error: null })
  })

  it('while closing ends every trainer all the same', async () => {
    const { service, trainers, disk } = serviceOnSmallDisk({ retry: 20, close: 200 })
    const { id } = startRun(service)
    await untilRunning(service, id)
    disk.isFull = true
    // In the same turn: nothing has met the full disk before.
    await service.close()
    expect(trainers.latest().exited).toBe(true)
    disk.isFull = false
    expect(service.recover()).toMatchObject([{ id, state: 'interrupted' }])
  })
})

describe('a damaged checkpoint', () => {
  async function pausedRun(checkpointEvery: number) {
    const context = testService({ trainers: fakeTrainers({ totalSteps: 200, checkpointEvery }) })
    const { id } = startRun(context.service)
    await until(() => context.service.get(id).step >= 13)
    await context.service.pause(id)
    const [newest] = context.workspace.checkpoints.list(id)
    const directory = join(context.workspace.checkpointsDirectory(id), newest!.directory)
    writeFileSync(join(directory, 'manifest.json'), 'garbage')
    return { ...context, id, directory, newest: newest! }
  }

  it('is set aside and the one before is used, with a notice', async () => {
    const { service, workspace, id, directory, newest, heard, trainers } = await pausedRun(10)
    const before = workspace.checkpoints.list(id)[1]!
    service.resume(id)
    await until(() => service.get(id).state === 'running')
    expect(trainers.latest().sent[0]).toMatchObject({ resumeFrom: expect.stringContaining(before.directory) })
    expect(heard.notices).toEqual([expect.stringMatching(`warning: .*goes back.*step ${before.step}`)])
    expect(heard.rewound).toEqual([{ runId: id, toStep: before.step }])
    expect(existsSync(`${directory}.damaged`)).toBe(true)
    expect(service.events(id).map(({ message }) => message)).toContain(
      `The checkpoint at step ${newest.step} is damaged; it was set aside as ${directory}.damaged.`,
    )
    await service.stop(id)
    const steps = valuesOf(workspace, id).map(([step]) => step)
    expect(steps).toEqual(Array.from({ length: steps.length }, (_, index) => index + 1))
  })

  it('without one before fails the run instead of silently beginning anew', async () => {
    const { service, workspace, id, directory, newest } = await pausedRun(1000)
    service.resume(id)
    const failed = await service.settled(id)
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'checkpoint-damaged' }, step: newest.step })
    expect(failed.error!.message).toContain('nothing was moved or deleted')
    service.resume(id)
    expect(await service.settled(id)).toMatchObject({ state: 'failed', error: { code: 'checkpoint-damaged' } })
    expect(valuesOf(workspace, id)).toHaveLength(newest.step)
    expect(existsSync(directory)).toBe(true)
    writeFakeCheckpoint(workspace.checkpointsDirectory(id), newest.step)
    service.resume(id)
    await until(() => service.get(id).state === 'running')
    await service.stop(id)
    expect(valuesOf(workspace, id).map(([step]) => step)[newest.step]).toBe(newest.step + 1)
  })

  it('found while the user asked for a pause leaves the run paused', async () => {
    const { service, id, newest } = await pausedRun(10)
    service.resume(id)
    await until(() => service.get(id).state === 'preparing')
    const paused = await service.pause(id)
    expect(paused.state).toBe('paused')
    expect(paused.checkpointStep).toBeLessThan(newest.step)
  })

  it('that is simply gone is passed over', async () => {
    const { service, id, directory, newest } = await pausedRun(10)
    rmSync(directory, { recursive: true })
    service.resume(id)
    await until(() => service.get(id).state === 'preparing')
    expect(service.get(id).step).toBeLessThan(newest.step)
    await until(() => service.get(id).state === 'running')
    await service.stop(id)
  })

  it('that is gone with all others fails the run and deletes nothing, however often it is resumed', async () => {
    const { service, workspace, trainers, heard, id, newest } = await pausedRun(10)
    const rows = workspace.checkpoints.list(id)
    const runDirectory = workspace.checkpointsDirectory(id)
    for (const { directory } of rows) rmSync(join(runDirectory, directory), { recursive: true })
    writeFakeCheckpoint(runDirectory, 3)
    for (let time = 0; time < 2; time++) {
      service.resume(id)
      const failed = await service.settled(id)
      expect(failed).toMatchObject({ state: 'failed', step: newest.step, error: { code: 'checkpoint-missing' } })
      expect(failed.error!.message).toContain(`${join(runDirectory, newest.directory)}, and the run has no other`)
    }
    expect(workspace.checkpoints.list(id)).toEqual(rows)
    expect(valuesOf(workspace, id)).toHaveLength(newest.step)
    expect(readdirSync(runDirectory)).toEqual(['step-000000003'])
    expect([trainers.all.length, heard.rewound]).toEqual([1, []])
  })
})
