import { smooth } from '../../../src-core/domain/statistics/smoothing.ts'
import type { DrawnSeries } from './columns.ts'

interface Kept {
  readonly total: number
  readonly length: number
  readonly weight: number
  readonly values: ArrayLike<number>
}

const kept = new WeakMap<object, Kept>()

/**
 * The smoothed values of a series. They come with it where the full series was smoothed; otherwise the drawn points
 * are: one that stands for k logged values counts k times, which keeps a line where it is when a longer history is
 * drawn with fewer points. Worked out once for each state of the series.
 */
export function smoothedValues(series: DrawnSeries, weight: number): ArrayLike<number> {
  const { last, smoothed } = series.columns
  if (weight <= 0) return last
  if (smoothed) return smoothed
  const known = kept.get(series)
  if (known?.total === series.total && known.length === series.length && known.weight === weight) return known.values
  const values = smooth(Array.from(last), weight ** series.bucket)
  kept.set(series, { total: series.total, length: series.length, weight, values })
  return values
}
