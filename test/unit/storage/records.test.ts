import { runsOfList } from '../../../src-renderer/lib/runs/runs-of-list.ts'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { CheckpointInfo } from '../../../src-core/domain/checkpoint.ts'
import { defaultSettings } from '../../../src-core/domain/settings.ts'
import { planPrune } from '../../../src-core/storage/records/checkpoints.ts'
import { lowestFree } from '../../../src-core/storage/records/runs.ts'
import { canonicalJson, specHash } from '../../../src-core/storage/records/spec-hash.ts'
import { openWorkspace, type Workspace } from '../../../src-core/storage/workspace.ts'
import { sampleConfusion } from '../../support/sample-run.ts'
import { insertRun, openTestWorkspace, stepRecord, testSpec, valuesOf } from '../../support/workspaces.ts'

function checkpointAt(step: number): CheckpointInfo {
  const directory = `step-${String(step).padStart(9, '0')}`
  return {
    directory,
    step,
    epoch: 1,
    bytes: 1,
    manifestSha256: 'a'.repeat(64),
    reason: 'epoch',
    best: null,
    activeTime: 1,
  }
}

const recordTables = [
  ...['runs', 'metrics', 'metric_points', 'metric_buckets'],
  ...['checkpoints', 'run_artifacts', 'run_events'],
]

/** Changes the file behind the workspace's back. */
function tamper(workspace: Workspace, sql: string, ...values: unknown[]): void {
  const database = new Database(join(workspace.directory, 'ablate.db'))
  database.prepare(sql).run(...values)
  database.close()
}

describe('runs', () => {
  it('come back with every field, in a new process too', () => {
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace, '<img src=x onerror=alert(1)>')
    const patch = {
      state: 'failed',
      step: 7,
      totalSteps: 100,
      stepsPerEpoch: 10,
      epoch: 0.7,
      activeTime: 1234.5,
      imagesPerSecond: 99.5,
      best: { metric: 'validation/accuracy', value: 0.25, step: 5, epoch: 0.5 },
      error: { code: 'out-of-memory', message: 'too large', details: { batch: 8, hint: null } },
      weightsSha256: 'abc',
      startedAt: 10,
      endedAt: 20,
      deletedAt: 30,
    } as const
    const written = workspace.runs.update(id, patch)
    expect(written).toMatchObject({ ...patch, name: '<img src=x onerror=alert(1)>', spec: testSpec() })
    workspace.close()
    expect(openTestWorkspace(workspace.directory).runs.find(id)).toEqual(written)
  })

  it('are listed newest first, the trash apart', () => {
    const workspace = openTestWorkspace()
    const [old, middle, young] = [1, 2, 3].map((time) => insertRun(workspace, 'a run', time).id)
    workspace.runs.update(middle!, { deletedAt: 5 })
    expect(workspace.runs.list({ deleted: false }).map(({ id }) => id)).toEqual([young, old])
    expect(workspace.runs.list({ deleted: true }).map(({ id }) => id)).toEqual([middle])
  })

  it('recorded together are listed in the order in which they were', () => {
    const workspace = openTestWorkspace()
    const old = insertRun(workspace, 'a run', 1).id
    const grid = [1, 2, 3].map((place) => insertRun(workspace, `cell ${place}`, 2).id)
    const young = insertRun(workspace, 'a run', 3).id
    const expected = [young, ...grid, old]
    expect(workspace.runs.list({ deleted: false }).map(({ id }) => id)).toEqual(expected)
    expect(runsOfList(workspace.runs.columns()).map(({ id }) => id)).toEqual(expected)
  })

  it('cannot be queued without a place, nor be in the trash while they train', () => {
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    expect(() => workspace.runs.update(id, { state: 'queued' })).toThrow(/CHECK/)
    expect(() => workspace.runs.update(id, { state: 'running', deletedAt: 1 })).toThrow(/CHECK/)
    expect(workspace.runs.find(id)!.state).toBe('paused')
  })

  it('that were tampered with are reported by name, not shown', () => {
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    const damaged = { code: 'workspace-damaged', message: expect.stringContaining(id) }
    tamper(workspace, 'UPDATE runs SET spec = ?', '{"version": 1, "__proto__": {"polluted": true}}')
    expect(() => workspace.runs.find(id)).toThrow(expect.objectContaining(damaged))
    tamper(workspace, 'UPDATE runs SET spec = ?', '{')
    expect(() => workspace.runs.find(id)).toThrow(expect.objectContaining(damaged))
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  it('take everything with them when they are removed', () => {
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    workspace.checkpoints.commit(id, checkpointAt(1), [stepRecord(1), stepRecord(2)], {})
    workspace.artifacts.add(id, sampleConfusion())
    workspace.events.add(id, { at: 1, step: 1, kind: 'note', message: 'hello' })
    workspace.runs.remove(id)
    const database = new Database(join(workspace.directory, 'ablate.db'), { readonly: true })
    for (const table of recordTables) {
      expect([table, database.prepare(`SELECT count(*) FROM ${table}`).pluck().get()]).toEqual([table, 0])
    }
    database.close()
  })

  it('get the lowest free colour', () => {
    expect([lowestFree([]), lowestFree([0, 1, 3]), lowestFree([1, 2]), lowestFree([0, 0])]).toEqual([0, 2, 0, 1])
  })
})

describe('checkpoints', () => {
  it('are committed with the values that they cover, or not at all', () => {
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    const run = workspace.checkpoints.commit(id, checkpointAt(2), [stepRecord(1), stepRecord(2)], { step: 2 })
    expect(run).toMatchObject({ step: 2, checkpointStep: 2 })
    expect(workspace.checkpoints.newest(id)).toEqual({
      ...checkpointAt(2),
      coveredStep: 2,
      createdAt: expect.any(Number),
      mark: null,
    })
    const doubled = [stepRecord(3), stepRecord(3)]
    expect(() => workspace.checkpoints.commit(id, checkpointAt(3), doubled, { step: 3 })).toThrow(/step 3/)
    expect(workspace.checkpoints.list(id)).toHaveLength(1)
    expect(valuesOf(workspace, id)).toHaveLength(2)
    expect(workspace.runs.find(id)!.step).toBe(2)
  })

  it('are pruned to the two newest and the best', () => {
    const pruned = (steps: number[], bestStep: number | null, markedStep?: number): number[] => {
      const checkpoints = steps.map((step) => ({ step, mark: step === markedStep ? ('last-finite' as const) : null }))
      return planPrune(checkpoints, bestStep).map(({ step }) => step)
    }
    expect(pruned([1, 2], null)).toEqual([])
    expect(pruned([1, 2, 3, 4], 2)).toEqual([1])
    expect(pruned([1, 2, 3, 4], 4)).toEqual([2, 1])
    expect(pruned([1, 2, 3, 4], null)).toEqual([2, 1])
    expect(pruned([1, 2, 3, 4], 2, 1)).toEqual([])
  })

  it('are marked as the last finite one, which a new one at the same step is not', () => {
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    expect(workspace.checkpoints.markLastFinite(id)).toBeNull()
    for (const step of [1, 2]) workspace.checkpoints.commit(id, checkpointAt(step), [], {})
    expect(workspace.checkpoints.markLastFinite(id)).toMatchObject({ step: 2, mark: 'last-finite' })
    expect(workspace.checkpoints.list(id).map(({ mark }) => mark)).toEqual(['last-finite', null])
    workspace.checkpoints.commit(id, checkpointAt(2), [], {})
    expect(workspace.checkpoints.list(id).map(({ mark }) => mark)).toEqual([null, null])
  })
})

describe('a transaction', () => {
  it('keeps all of its changes or none', () => {
    const workspace = openTestWorkspace()
    const { id } = insertRun(workspace)
    const work = (): never => {
      workspace.metrics.append(id, [stepRecord(1)])
      workspace.runs.update(id, { step: 1 })
      throw new Error('no')
    }
    expect(() => workspace.write(work)).toThrow('no')
    expect(valuesOf(workspace, id)).toEqual([])
    expect(workspace.runs.find(id)!.step).toBe(0)
  })
})

describe('settings', () => {
  it('have defaults, are kept, and ignore what another build wrote', () => {
    const workspace = openTestWorkspace()
    expect(workspace.settings.get()).toEqual(defaultSettings)
    expect(workspace.settings.update({ theme: 'dark', threads: 4 })).toEqual({
      ...defaultSettings,
      theme: 'dark',
      threads: 4,
    })
    tamper(workspace, "INSERT INTO settings VALUES ('future', '1')")
    tamper(workspace, "UPDATE settings SET value = '\"neon\"' WHERE key = 'theme'")
    expect(workspace.settings.get()).toEqual({ ...defaultSettings, threads: 4 })
    const reader = openWorkspace(workspace.directory, { application: 'a test', readOnly: true })
    expect(reader.settings.get().threads).toBe(4)
    reader.close()
  })

  it('refuse a value out of range', () => {
    expect(() => openTestWorkspace().settings.update({ smoothing: 2 })).toThrow()
  })
})

it('hashes a spec by its contents, not by the order of its fields', () => {
  const reversed = Object.fromEntries(Object.entries(testSpec()).reverse()) as ReturnType<typeof testSpec>
  expect(specHash(reversed)).toBe(specHash(testSpec()))
  expect(specHash(testSpec(101))).not.toBe(specHash(testSpec(100)))
  expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}')
})
