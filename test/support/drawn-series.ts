import { columnNames, type DrawnSeries, type SeriesColumns } from '../../src-core/domain/statistics/drawn-series.ts'
import type { SeriesPoint } from '../../src-core/domain/metrics.ts'
import { smoothSeries, noSmoothing, type Smoothing } from '../../src-core/domain/statistics/series-smoothing.ts'

/** Points as main answers them, in columns; smoothed as if the points were all that was logged. */
export function drawnSeries(
  runId: string,
  metric: string,
  points: readonly SeriesPoint[],
  total = points.length,
  smoothing: Smoothing = noSmoothing,
): DrawnSeries {
  const { smoothed, state } = smoothSeries(
    points.map(({ step }) => step),
    points.map(({ last }) => last),
    smoothing,
  )
  const columns = Object.fromEntries(
    columnNames.map((name) => [
      name,
      name === 'smoothed' ? smoothed : Float64Array.from(points, (point) => point[name]),
    ]),
  ) as SeriesColumns
  const bucket = 2 ** Math.ceil(Math.log2(Math.max(1, points.length > 0 ? total / points.length : 1)))
  const open = ((total - 1) % bucket) + 1 || 1
  const firstNonFinite = points.find(({ last }) => !Number.isFinite(last))?.step ?? null
  return { runId, metric, columns, total, bucket, open, firstNonFinite, smoothing: state }
}
