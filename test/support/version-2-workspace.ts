import { join } from 'node:path'
import type { RunId } from '../../src-core/domain/ids.ts'
import type { StepRecord } from '../../src-core/domain/metrics.ts'
import { openForWriting, type WritableDatabase } from '../../src-core/storage/database.ts'
import { migrate } from '../../src-core/storage/migrate.ts'
import { migrations } from '../../src-core/storage/migrations/index.ts'
import { temporaryDirectory } from './temporary-directory.ts'

export interface OldRun {
  readonly id: RunId
  readonly name: string
  /** As it stands in the file. */
  readonly spec: unknown
  readonly deletedAt: number | null
  /** By metric. */
  readonly records: Readonly<Record<string, readonly StepRecord[]>>
}

const kindOf = (value: number): number => {
  if (Number.isFinite(value)) return 0
  return Number.isNaN(value) ? 1 : value > 0 ? 2 : 3
}
const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null)

/** The points of a metric and the buckets over them, worked out plainly: not by the code that is tested. */
function insertSeries(
  database: WritableDatabase,
  metricId: number,
  name: string,
  records: readonly StepRecord[],
): void {
  const columns = ({ step, epoch, wallTime, activeTime, metrics }: StepRecord): (number | null)[] => [
    ...[step, epoch, wallTime, activeTime, kindOf(metrics[name]!)],
    orNull(metrics[name]!),
  ]
  const point = database.prepare('INSERT INTO metric_points VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  records.forEach((record, ordinal) => {
    const [step, ...others] = columns(record)
    point.run(metricId, step, ordinal, ...others)
  })
  const bucket = database.prepare('INSERT INTO metric_buckets VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  for (let level = 1; 2 ** level <= records.length; level++) {
    for (let at = 0; (at + 1) * 2 ** level <= records.length; at++) {
      const inside = records.slice(at * 2 ** level, (at + 1) * 2 ** level)
      const finite = inside.map(({ metrics }) => metrics[name]!).filter(Number.isFinite)
      const extremes = finite.length > 0 ? [Math.min(...finite), Math.max(...finite)] : [null, null]
      bucket.run(metricId, level, at, ...columns(inside.at(-1)!), ...extremes)
    }
  }
}

function insertRun(database: WritableDatabase, { id, name, spec, deletedAt, records }: OldRun, place: number): void {
  database
    .prepare(
      `INSERT INTO runs (id, name, state, spec, spec_hash, color, parameters, step, epoch, active_time, created_at, deleted_at)
       VALUES (?, ?, 'stopped', ?, ?, ?, 10, 3000, 30, 5000, ?, ?)`,
    )
    .run(id, name, JSON.stringify(spec), `hash ${place}`, place, 1000 + place, deletedAt)
  for (const [metric, all] of Object.entries(records)) {
    const { lastInsertRowid } = database.prepare('INSERT INTO metrics (run_id, name) VALUES (?, ?)').run(id, metric)
    insertSeries(database, Number(lastInsertRowid), metric, all)
  }
  database
    .prepare(
      `INSERT INTO checkpoints VALUES (?, 1500, 'step-1500', 15, 5, ?, 'stop', NULL, 2000, 1500, 9, 'last-finite')`,
    )
    .run(id, 'a'.repeat(64))
  database
    .prepare(`INSERT INTO run_events (run_id, at, step, kind, message) VALUES (?, 5, 1, 'note', 'An old line.')`)
    .run(id)
  database
    .prepare(`INSERT INTO run_artifacts (run_id, step, kind, subject, body) VALUES (?, 20, 'confusion', 'test', '{}')`)
    .run(id)
}

/** A closed workspace as the release before migration 3 left it. */
export function version2Workspace(runs: readonly OldRun[]): string {
  const directory = temporaryDirectory()
  const database = openForWriting(join(directory, 'ablate.db'))
  migrate(database, migrations.slice(0, 2))
  database.transaction(() => {
    runs.forEach((run, place) => insertRun(database, run, place))
    database.exec(`INSERT INTO settings VALUES ('theme', '"dark"');
      INSERT INTO exports VALUES (1, 'r0000000009', 'onnx', 7, '/x', 9, '[]', '{}', 5)`)
  })()
  database.close()
  return directory
}
