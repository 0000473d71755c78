import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Run } from '../../../src-core/domain/run.ts'
import type { RunState } from '../../../src-core/domain/run-status.ts'
import type { Workspace } from '../../../src-core/storage/workspace.ts'
import { writeFakeCheckpoint } from '../../support/fake-trainer.ts'
import { testService } from '../../support/run-services.ts'
import { insertRun, openTestWorkspace, stepRecord, valuesOf } from '../../support/workspaces.ts'

/** A run as a crash leaves it: in some active state, some steps past its checkpoint. */
function crashedRun(workspace: Workspace, state: RunState, checkpointStep: number | null): Run {
  const { id } = insertRun(workspace)
  if (checkpointStep !== null) {
    const checkpoint = writeFakeCheckpoint(workspace.checkpointsDirectory(id), checkpointStep)
    workspace.checkpoints.commit(
      id,
      checkpoint,
      [1, 2, 3].map((step) => stepRecord(step)),
      { step: 3 },
    )
  }
  workspace.metrics.append(id, [stepRecord(4), stepRecord(5)])
  return workspace.runs.update(id, { state, step: 5 })
}

describe('recovery', () => {
  it.each(['preparing', 'running', 'pausing', 'stopping'] as const)('makes a run that was %s interrupted', (state) => {
    const { service, workspace } = testService()
    const { id } = crashedRun(workspace, state, 3)
    expect(service.recover()).toMatchObject([{ id, state: 'interrupted', step: 5, checkpointStep: 3 }])
    expect(service.events(id).at(-1)).toMatchObject({
      kind: 'state',
      step: 5,
      message: `Interrupted: the application ended while the run was ${state}. It can be resumed from its checkpoint at step 3.`,
    })
    expect(service.recover()).toEqual([])
  })

  it('leaves runs alone that were not active', () => {
    const { service, workspace } = testService()
    for (const state of ['paused', 'stopped', 'finished', 'failed', 'diverged', 'interrupted'] as const) {
      workspace.runs.update(insertRun(workspace).id, { state })
    }
    const before = service.list({ deleted: false })
    expect(service.recover()).toEqual([])
    expect(service.list({ deleted: false })).toEqual(before)
  })

  it('lets the run go on from its checkpoint with no step doubled and none missing', async () => {
    const { service, workspace, heard } = testService()
    const { id } = crashedRun(workspace, 'running', 3)
    service.recover()
    service.startQueue()
    service.resume(id)
    expect(valuesOf(workspace, id).map(([step]) => step)).toEqual([1, 2, 3])
    expect(heard.rewound).toEqual([{ runId: id, toStep: 3 }])
    await service.settled(id)
    expect(valuesOf(workspace, id)).toEqual(Array.from({ length: 40 }, (_, index) => [index + 1, 1 / (index + 1)]))
  })

  it('removes what cut-off checkpoints left, and nothing else', () => {
    const { service, workspace } = testService()
    const { id } = crashedRun(workspace, 'running', 3)
    const directory = workspace.checkpointsDirectory(id)
    writeFakeCheckpoint(directory, 5)
    for (const name of ['step-000000007.tmp', 'step-000000001.damaged', 'notes']) mkdirSync(join(directory, name))
    service.recover()
    expect(readdirSync(directory).sort()).toEqual(['notes', 'step-000000001.damaged', 'step-000000003'])
  })

  it('removes what cut-off exports left, and no export', () => {
    const { service, workspace } = testService()
    const names = ['a-step-40', 'mine.tmp', 'a-step-40.0123abcd.unfinished-export']
    for (const name of names) mkdirSync(join(workspace.exportsDirectory, name))
    service.recover()
    expect(readdirSync(workspace.exportsDirectory).sort()).toEqual(['a-step-40', 'mine.tmp'])
  })

  it('keeps a checkpoint without a row when the run has no other: a backup may have been copied back', () => {
    const { service, workspace } = testService()
    const { id } = crashedRun(workspace, 'running', null)
    writeFakeCheckpoint(workspace.checkpointsDirectory(id), 5)
    service.recover()
    expect(service.events(id).at(-1)!.message).toMatch(/from the beginning/)
    expect(readdirSync(workspace.checkpointsDirectory(id))).toEqual(['step-000000005'])
  })

  it('keeps the checkpoints of runs that the record does not know', () => {
    const { service, workspace } = testService()
    const unknown = workspace.checkpointsDirectory('r0000000000')
    writeFakeCheckpoint(unknown, 5)
    service.recover()
    expect(existsSync(join(unknown, 'step-000000005'))).toBe(true)
  })

  it('ends a purge that was cut off after the rows were gone, and undoes one that was cut off before', () => {
    const { service, workspace } = testService()
    const { id } = insertRun(workspace)
    const known = workspace.checkpointsDirectory(id)
    const gone = workspace.checkpointsDirectory('r0000000000')
    mkdirSync(`${known}.purged`, { recursive: true })
    mkdirSync(`${gone}.purged`)
    service.recover()
    expect([existsSync(known), existsSync(`${known}.purged`), existsSync(`${gone}.purged`)]).toEqual([
      true,
      false,
      false,
    ])
  })

  it('passes on what the user should know of the opening', () => {
    const workspace = { ...openTestWorkspace(), warnings: ["Today's backup of the record failed: full"] }
    const { service, heard } = testService({ workspace })
    service.recover()
    expect(heard.notices).toEqual(["warning: Today's backup of the record failed: full"])
  })
})
