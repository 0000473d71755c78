import { smoothSeries, type Smoothing } from '../../../src-core/domain/statistics/series-smoothing.ts'
import type { DrawnSeries } from './columns.ts'

interface Kept {
  readonly total: number
  readonly length: number
  readonly smoothing: Smoothing
  readonly values: ArrayLike<number>
}

const kept = new WeakMap<object, Kept>()

/** The smoothing over buckets that is the nearest to one over the values that they stand for. */
function overBuckets({ kind, amount }: Smoothing, bucket: number): Smoothing {
  if (kind === 'ema') return { kind, amount: amount ** bucket }
  if (kind === 'running-mean') return { kind, amount: Math.max(1, Math.round(amount / bucket)) }
  return kind === 'gaussian' ? { kind, amount: amount / bucket } : ({ kind, amount } as Smoothing)
}

/**
 * The smoothed values of a series. Those of a metric come with it, smoothed over the full series; a series that was
 * worked out here, such as a formula, has only its drawn points, which are smoothed once for each of its states.
 */
export function smoothedValues(series: DrawnSeries, smoothing: Smoothing): ArrayLike<number> {
  const { step, last, smoothed } = series.columns
  if (smoothing.kind === 'none' || smoothing.amount === 0) return last
  if (smoothed) return smoothed
  const known = kept.get(series)
  if (known?.total === series.total && known.length === series.length && known.smoothing === smoothing)
    return known.values
  const values = smoothSeries(step, last, overBuckets(smoothing, series.bucket)).smoothed
  kept.set(series, { total: series.total, length: series.length, smoothing, values })
  return values
}
