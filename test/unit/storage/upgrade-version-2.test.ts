import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { StepRecord } from '../../../src-core/domain/metrics.ts'
import { uniformGenerator } from '../../../src-core/domain/random.ts'
import type { Smoothing } from '../../../src-core/domain/statistics/series-smoothing.ts'
import type { Workspace } from '../../../src-core/storage/workspace.ts'
import { version2Workspace, type OldRun } from '../../support/version-2-workspace.ts'
import { openTestWorkspace, stepRecord, testSpec } from '../../support/workspaces.ts'

const [long, exact, inTrash] = ['r0000000001', 'r0000000002', 'r0000000003'] as const
const specs = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/specs-version-1.json'), 'utf8'),
) as Record<string, object>

function recordsOf(metric: string, count: number, seed: number, after = 0): StepRecord[] {
  const random = uniformGenerator(seed)
  const odd = [NaN, Infinity, -Infinity]
  return Array.from({ length: count }, (_, index) => {
    const value = random() < 0.02 ? odd[Math.floor(random() * 3)]! : Math.round(random() * 1000) / 100
    return stepRecord(after + index + 1, { [metric]: value })
  })
}

/** More than two chunks of points, just one, less than one, one point, none that is finite; a run in the trash. */
function oldRuns(): OldRun[] {
  const nans = [1, 2, 3].map((step) => stepRecord(step, { 'test/loss': NaN }))
  const few = { 'validation/accuracy': recordsOf('validation/accuracy', 1, 3), 'test/loss': nans }
  return [
    {
      ...{ id: long, name: 'long', spec: testSpec(), deletedAt: null },
      records: { 'train/loss': recordsOf('train/loss', 3000, 1), ...few },
    },
    {
      ...{ id: exact, name: 'exact', spec: specs['alexnet-small'], deletedAt: null },
      records: { 'train/loss': recordsOf('train/loss', 1024, 2) },
    },
    {
      ...{ id: inTrash, name: 'in the trash', spec: testSpec(7), deletedAt: 99 },
      records: { 'train/loss': recordsOf('train/loss', 1500, 4) },
    },
  ]
}

/** The same values in a workspace that today's Ablate wrote from the beginning. */
function newWorkspace(): Workspace {
  const workspace = openTestWorkspace()
  for (const { id, name, records } of oldRuns()) {
    workspace.runs.insert({ id, name, spec: testSpec(), parameters: 10, createdAt: 1 })
    for (const all of Object.values(records)) workspace.metrics.append(id, all)
  }
  return workspace
}

type Rows = Record<string, unknown>[]

/** SQLite answers in an order that depends on the columns. */
function sorted(rows: Rows): Rows {
  const keyed = rows.map((row) => [JSON.stringify(Object.values(row)), row] as const)
  return keyed.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

/** Every row of every table; only the columns named in `columns`, if it is given. */
function dump(directory: string, columns?: Record<string, string[]>): Record<string, Rows> {
  const database = new Database(join(directory, 'ablate.db'), { readonly: true })
  const names = database
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all()
  const tables = names.map((name) => {
    const chosen = columns?.[name]?.map((column) => `"${column}"`).join(', ') ?? '*'
    return [name, sorted(database.prepare(`SELECT ${chosen} FROM ${name}`).all() as Rows)] as const
  })
  database.close()
  return Object.fromEntries(tables)
}

const smoothings: Smoothing[] = [
  { kind: 'none', amount: 0 },
  { kind: 'ema', amount: 0.9 },
  { kind: 'time-weighted', amount: 0.9 },
  { kind: 'running-mean', amount: 51 },
  { kind: 'gaussian', amount: 5 },
]

/** All that is derived from the points of a run. */
function derived({ metrics, runs }: Workspace, runId: string): unknown {
  const names = metrics.names(runId)
  const query = { runIds: [runId], metrics: names, fromStep: null, toStep: null, maxPoints: 100 }
  return {
    values: [...metrics.export(runId)],
    history: metrics.history(query),
    part: metrics.history({ ...query, fromStep: 900, toStep: 2300 }),
    drawn: smoothings.map((smoothing) => metrics.drawn({ ...query, smoothing })),
    at: metrics.at(runId, 1500),
    summaries: runs.find(runId)!.metrics,
  }
}

describe('a workspace of the version before comparing', () => {
  it('keeps every row of every table as it was, and has nothing in the new ones but what follows from them', () => {
    const directory = version2Workspace(oldRuns())
    const before = dump(directory)
    openTestWorkspace(directory).close()
    const columns = Object.fromEntries(
      Object.entries(before).flatMap(([table, [row]]) => (row ? [[table, Object.keys(row)]] : [])),
    )
    const after = dump(directory, columns)
    for (const [table, rows] of Object.entries(before)) {
      expect(rows.length, table).toBeGreaterThan(0)
      if (table === 'schema_migrations') expect(after[table]!.slice(0, 2)).toEqual(rows)
      else expect(after[table], table).toEqual(rows)
    }
    const added = Object.keys(after).filter((table) => !(table in before))
    const filled = added.filter((table) => after[table]!.length > 0)
    expect([added.length, filled]).toEqual([8, ['spec_parts']])
    expect(dump(directory)['runs']!.map(({ notes }) => notes)).toEqual(['', '', ''])
  })

  it('shows its runs, those in the trash apart, with what their metrics come to', () => {
    const workspace = openTestWorkspace(version2Workspace(oldRuns()))
    expect(workspace.runs.list({ deleted: false }).map(({ name }) => name)).toEqual(['exact', 'long'])
    expect(workspace.runs.list({ deleted: true })).toMatchObject([{ id: inTrash, deletedAt: 99, tags: [], notes: '' }])
    expect(workspace.runs.columns()).toMatchObject({ ids: [inTrash, exact, long], unreadable: [] })
    const fresh = newWorkspace()
    for (const id of [long, exact, inTrash]) expect(derived(workspace, id)).toEqual(derived(fresh, id))
  })

  it('is trained on, rewound and smoothed as if it had been written today', () => {
    const upgraded = openTestWorkspace(version2Workspace(oldRuns()))
    const fresh = newWorkspace()
    const both = [upgraded, fresh]
    const expectSame = (): void => {
      for (const id of [long, exact, inTrash]) expect(derived(upgraded, id)).toEqual(derived(fresh, id))
    }
    // Ends within a chunk that begins with old points; then within new ones.
    for (const { metrics } of both) {
      metrics.append(long, recordsOf('train/loss', 100, 5, 3000))
      metrics.append(exact, recordsOf('train/loss', 1, 6, 1024))
    }
    expectSame()
    for (const { metrics } of both) {
      metrics.append(long, recordsOf('train/loss', 2100, 7, 3100))
      metrics.append(exact, recordsOf('train/loss', 1500, 8, 1025))
    }
    expectSame()
    // Back into new points, to the end of the old ones, into a chunk of old ones only; each time trained on.
    for (const step of [4500, 3000, 1500]) {
      const deleted = both.map(({ metrics }) => metrics.rewindTo(long, step))
      expect(deleted[0]).toBe(deleted[1])
      expectSame()
      for (const { metrics } of both) metrics.append(long, recordsOf('train/loss', 3300, step, step))
      expectSame()
    }
    const chunks = dump(upgraded.directory)['metric_chunks']!
    expect(chunks.length).toBeGreaterThan(0)
  })

  it('loses a run of the trash for good with all that was of it, and nothing else', () => {
    const directory = version2Workspace(oldRuns())
    const before = dump(directory)
    const workspace = openTestWorkspace(directory)
    workspace.metrics.append(inTrash, recordsOf('train/loss', 1100, 9, 1500))
    workspace.runs.remove(inTrash)
    workspace.close()
    const after = dump(directory)
    const id = before['metrics']!.find(({ run_id }) => run_id === inTrash)!['id']
    const isOther = (row: Record<string, unknown>): boolean =>
      !(row['run_id'] === inTrash || row['id'] === inTrash || row['metric_id'] === id)
    for (const table of ['metric_points', 'metric_buckets', 'checkpoints', 'run_events', 'run_artifacts'])
      expect(after[table], table).toEqual(before[table]!.filter(isOther))
    expect([after['runs']!.length, after['metrics']!.length, after['metric_chunks']]).toEqual([2, 4, []])
  })
})
