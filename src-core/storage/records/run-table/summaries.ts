import { valueOf, type ValueKind } from '../../../domain/metrics.ts'
import type { MetricSummaries } from '../../../domain/run-table/run-page.ts'
import type { ReadableDatabase } from '../../database.ts'

type Row = [
  place: number,
  runId: string,
  name: string,
  lastKind: number | null,
  last: number | null,
  lastStep: number | null,
  min: number | null,
  minStep: number | null,
  max: number | null,
  maxStep: number | null,
]

export interface SummaryReader {
  /** The summaries of all metrics of all runs, page by page. */
  page(after: number | null): MetricSummaries
  /** The summaries of some runs. */
  of(runIds: readonly string[]): MetricSummaries
}

const rowsPerPage = 5000
const pageTime = 12
const kinds: readonly ValueKind[] = ['finite', 'nan', 'positive-infinity', 'negative-infinity']

/** Reads the sums of metrics out of their columns; not one point is read. */
export function summaryReader(database: ReadableDatabase): SummaryReader {
  const columns = `id, run_id, name, last_kind, last_value, last_step, min_value, min_step, max_value, max_step`
  const all = database
    .prepare<[number], Row>(`SELECT ${columns} FROM metrics WHERE id > ? ORDER BY id LIMIT ${rowsPerPage}`)
    .raw()
  const one = database.prepare<[string], Row>(`SELECT ${columns} FROM metrics WHERE run_id = ?`).raw()
  return {
    page: (after) => {
      const deadline = performance.now() + pageTime
      const rows: Row[] = []
      for (const row of all.iterate(after ?? -1) as IterableIterator<Row>) {
        rows.push(row)
        if (rows.length % 100 === 0 && performance.now() > deadline) break
      }
      // A page that time ended is followed by another one; the last may be empty.
      return columnsOf(rows, rows.length === 0 ? null : rows.at(-1)![0])
    },
    of: (runIds) =>
      columnsOf(
        runIds.flatMap((id) => one.all(id) as Row[]),
        null,
      ),
  }
}

function columnsOf(rows: readonly Row[], next: number | null): MetricSummaries {
  const [runs, metrics] = [new Map<string, number>(), new Map<string, number>()]
  const float = (at: number) => Float64Array.from(rows, (row) => (row[at] as number | null) ?? NaN)
  const index = (known: Map<string, number>, key: string): number => {
    const found = known.get(key) ?? known.size
    known.set(key, found)
    return found
  }
  return {
    run: Uint32Array.from(rows, ([, runId]) => index(runs, runId)),
    metric: Uint32Array.from(rows, ([, , name]) => index(metrics, name)),
    last: Float64Array.from(rows, ([, , , kind, value]) => valueOf(kinds[kind ?? 1]!, value)),
    lastStep: float(5),
    min: float(6),
    minStep: float(7),
    max: float(8),
    maxStep: float(9),
    runIds: [...runs.keys()],
    metrics: [...metrics.keys()],
    next,
  }
}
