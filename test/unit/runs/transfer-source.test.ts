import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { fakeTrainers, startedAt, writeFakeCheckpoint } from '../../support/fake-trainer.ts'
import { startRun, testService, until, type TestService } from '../../support/run-services.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { stepRecord, testSpec } from '../../support/workspaces.ts'

function specFrom(from: string): RunSpec {
  const spec = testSpec()
  return { ...spec, training: { ...spec.training, transfer: { ...spec.training.transfer, from } } }
}

const sourceOf = ({ service }: TestService, id: string): string | null => service.get(id).spec.training.transfer.from

/** A service with one finished run, whose checkpoints are at the steps 30 and 40. */
async function withFinishedRun() {
  const context = testService()
  const { id } = startRun(context.service, 'the source')
  await context.service.settled(id)
  const create = (from: string, start = false) => context.service.create({ name: 'next', spec: specFrom(from), start })
  return { ...context, id, create }
}

describe('weights from another run', () => {
  it('come from its newest checkpoint of now, or from the one that is named', async () => {
    const context = await withFinishedRun()
    const { service, workspace, trainers, id, create } = context
    const [newest, named] = [create(`run:${id}`, true), create(`run:${id}@30`, true)]
    expect(sourceOf(context, newest.id)).toBe(`run:${id}@40`)
    expect(sourceOf(context, named.id)).toBe(`run:${id}@30`)
    expect(newest.specHash).toBe(create(`run:${id}@40`).specHash)
    await Promise.all([service.settled(newest.id), service.settled(named.id)])
    const directories = trainers.all.slice(1).map(({ sent }) => sent[0]!.type === 'train' && sent[0]!.startFrom)
    expect(directories).toEqual(
      ['step-000000040', 'step-000000030'].map((step) => ({
        kind: 'checkpoint',
        directory: join(workspace.checkpointsDirectory(id), step),
      })),
    )
  })

  it('are not read again by a run that has a checkpoint of its own', async () => {
    const { service, trainers, create, id } = await withFinishedRun()
    const run = create(`run:${id}`, true)
    await until(() => service.get(run.id).step >= 3)
    await service.pause(run.id)
    service.resume(run.id)
    await service.settled(run.id)
    expect(trainers.latest().sent[0]).toMatchObject({ resumeFrom: expect.any(String), startFrom: null })
  })

  it('are refused before anything is recorded when they are not there', async () => {
    const { service, create, id, workspace } = await withFinishedRun()
    const empty = service.create({ name: 'empty', spec: testSpec(), start: false }).id
    const refused = (from: string, code: string, message: RegExp): void =>
      expect(() => create(from)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }))
    refused('run:r0000000000', 'run-not-found', /r0000000000/)
    refused('run:nonsense', 'run-not-found', /nonsense/)
    refused(`run:${empty}`, 'checkpoint-missing', /"empty" has no checkpoint to take weights from: it has none\./)
    refused(`run:${id}@7`, 'checkpoint-missing', /no checkpoint at step 7 .*: it has those at step 30, 40\./)
    rmSync(join(workspace.checkpointsDirectory(id), 'step-000000040'), { recursive: true })
    refused(`run:${id}@40`, 'checkpoint-missing', /it has those at step 30\./)
    refused('elsewhere', 'invalid-value', /training\.transfer\.from: must be run:ID/)
    expect(service.list({ deleted: false })).toHaveLength(2)
  })

  it('that are gone when the run shall begin fail it with the reason', async () => {
    const { service, create, id, workspace, trainers } = await withFinishedRun()
    const run = create(`run:${id}`)
    rmSync(workspace.checkpointsDirectory(id), { recursive: true })
    service.resume(run.id)
    expect(await service.settled(run.id)).toMatchObject({ state: 'failed', error: { code: 'checkpoint-missing' } })
    expect(trainers.all).toHaveLength(1)
  })
})

describe('what a run still needs for its beginning', () => {
  it('is not purged until it has begun', async () => {
    const { service, create, id } = await withFinishedRun()
    const run = create(`run:${id}@30`)
    service.delete(id)
    await expect(service.purge(id)).rejects.toThrow(
      expect.objectContaining({ code: 'run-busy', message: expect.stringContaining(`"next" (${run.id})`) }),
    )
    service.resume(run.id)
    await service.settled(run.id)
    await service.purge(id)
    expect(service.list({ deleted: true })).toEqual([])
    expect(service.get(run.id).state).toBe('finished')
  })

  it('is purged when that run is deleted for good', async () => {
    const { service, create, id } = await withFinishedRun()
    const run = create(`run:${id}`)
    service.delete(id)
    service.delete(run.id)
    await expect(service.purge(id)).rejects.toThrow(expect.objectContaining({ code: 'run-busy' }))
    await service.purge(run.id)
    await service.purge(id)
    expect(service.list({ deleted: true })).toEqual([])
  })

  it('outlives pruning while the source trains on', async () => {
    const trainers = fakeTrainers({ onJob: (trainer) => trainer.emit(startedAt(0)) })
    const { service, workspace } = testService({ trainers, times: { commit: 5, close: 50 } })
    const { id } = startRun(service)
    await until(() => service.get(id).state === 'running')
    const save = (step: number): void => {
      trainers.latest().emit({ type: 'records', records: [stepRecord(step)] })
      const checkpoint = writeFakeCheckpoint(workspace.checkpointsDirectory(id), step)
      trainers.latest().emit({ type: 'checkpoint', checkpoint })
    }
    save(1)
    const waiting = service.create({ name: 'next', spec: specFrom(`run:${id}`), start: false })
    for (const step of [2, 3, 4]) save(step)
    expect(workspace.checkpoints.list(id).map(({ step }) => step)).toEqual([4, 3, 1])
    service.delete(waiting.id)
    await service.purge(waiting.id)
    save(5)
    expect(workspace.checkpoints.list(id).map(({ step }) => step)).toEqual([5, 4])
  })
})

describe('weights from a file', () => {
  it('are found by their absolute path, wherever Ablate is started later', async () => {
    const context = testService()
    const path = join(temporaryDirectory(), 'weights: alexnet@1.safetensors')
    writeFileSync(path, '')
    const spec = specFrom(`file:${relative(process.cwd(), path)}`)
    const { id } = context.service.create({ name: 'a', spec, start: true })
    expect(sourceOf(context, id)).toBe(`file:${path}`)
    context.service.startQueue()
    await context.service.settled(id)
    expect(context.trainers.latest().sent[0]).toMatchObject({ startFrom: { kind: 'file', path } })
  })

  it('are refused when they are not there or no file', () => {
    const { service } = testService()
    const folder = join(temporaryDirectory(), 'folder')
    mkdirSync(folder)
    const reasons: [string, RegExp][] = [
      [join(folder, 'none.safetensors'), /none\.safetensors is not there/],
      [folder, /folder is not a file/],
    ]
    for (const [path, message] of reasons) {
      expect(() => service.create({ name: 'a', spec: specFrom(`file:${path}`), start: true })).toThrow(
        expect.objectContaining({ code: 'model-file-unreadable', message: expect.stringMatching(message) }),
      )
    }
    expect(service.list({ deleted: false })).toEqual([])
  })
})
