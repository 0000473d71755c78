import { kindOf, type MetricSummary } from '../../../domain/metrics.ts'
import type { ReadableDatabase, WritableDatabase } from '../../database.ts'
import { toKind, toValue } from './rows.ts'

/** The columns of `metrics` that sum up its points. */
export interface SummaryRow {
  points: number
  last_step: number | null
  last_epoch: number | null
  last_kind: number | null
  last_value: number | null
  min_value: number | null
  min_step: number | null
  min_epoch: number | null
  max_value: number | null
  max_step: number | null
  max_epoch: number | null
}

export const summaryColumns = [
  'points',
  'last_step',
  'last_epoch',
  'last_kind',
  'last_value',
  'min_value',
  'min_step',
  'min_epoch',
  'max_value',
  'max_step',
  'max_epoch',
] as const satisfies readonly (keyof SummaryRow)[]

/** Takes one more point into a summary. The first of equal extremes is kept. */
export function addToSummary(
  summary: SummaryRow,
  { step, epoch }: { step: number; epoch: number },
  value: number,
): void {
  summary.points += 1
  summary.last_step = step
  summary.last_epoch = epoch
  summary.last_kind = toKind(kindOf(value))
  summary.last_value = Number.isFinite(value) ? value : null
  if (!Number.isFinite(value)) return
  if (summary.min_value === null || value < summary.min_value) {
    summary.min_value = value
    summary.min_step = step
    summary.min_epoch = epoch
  }
  if (summary.max_value === null || value > summary.max_value) {
    summary.max_value = value
    summary.max_step = step
    summary.max_epoch = epoch
  }
}

/** The domain's form of a summary; null for a metric without points. */
export function toSummary(row: SummaryRow): MetricSummary | null {
  if (row.last_step === null || row.last_epoch === null || row.last_kind === null) return null
  return {
    points: row.points,
    last: toValue(row.last_kind, row.last_value),
    lastStep: row.last_step,
    lastEpoch: row.last_epoch,
    min: row.min_value,
    minStep: row.min_step,
    minEpoch: row.min_epoch,
    max: row.max_value,
    maxStep: row.max_step,
    maxEpoch: row.max_epoch,
  }
}

/** A function that sums up every metric of a run, by name. */
export function runSummaries(database: ReadableDatabase): (runId: string) => Record<string, MetricSummary> {
  const select = database.prepare<[string], SummaryRow & { name: string }>(
    `SELECT name, ${summaryColumns.join(', ')} FROM metrics WHERE run_id = ? ORDER BY name`,
  )
  return (runId) =>
    Object.fromEntries(
      select.all(runId).flatMap(({ name, ...row }) => {
        const summary = toSummary(row)
        return summary ? [[name, summary]] : []
      }),
    )
}

/** A function that reads the summary of a metric. */
export function summaryReader(database: ReadableDatabase): (metricId: number) => SummaryRow {
  const select = database.prepare<[number], SummaryRow>(`SELECT ${summaryColumns.join(', ')} FROM metrics WHERE id = ?`)
  return (metricId) => select.get(metricId)!
}

/** A function that writes the summary of a metric. */
export function summaryWriter(database: WritableDatabase): (metricId: number, summary: SummaryRow) => void {
  const assignments = summaryColumns.map((column) => `${column} = @${column}`).join(', ')
  const update = database.prepare(`UPDATE metrics SET ${assignments} WHERE id = @id`)
  return (id, summary) => void update.run({ ...summary, id })
}

/** A function that sums up all points of a metric anew, which reads all of them. */
export function summaryRepairer(database: WritableDatabase): (metricId: number) => void {
  const repair = database.prepare(`
    UPDATE metrics SET
      points = (SELECT count(*) FROM metric_points WHERE metric_id = metrics.id),
      (last_step, last_epoch, last_kind, last_value) =
        (SELECT step, epoch, kind, value FROM metric_points WHERE metric_id = metrics.id ORDER BY step DESC LIMIT 1),
      (min_value, min_step, min_epoch) = (SELECT value, step, epoch FROM metric_points
        WHERE metric_id = metrics.id AND kind = 0 ORDER BY value, step LIMIT 1),
      (max_value, max_step, max_epoch) = (SELECT value, step, epoch FROM metric_points
        WHERE metric_id = metrics.id AND kind = 0 ORDER BY value DESC, step LIMIT 1)
    WHERE id = ?`)
  return (metricId) => void repair.run(metricId)
}
