import { hasBest, higherIsBetter } from '../../../src-core/domain/metrics.ts'

/** Which value of a run's curve stands for the run. */
export const measures = ['best', 'last', 'min', 'max'] as const
export type Measure = (typeof measures)[number]

/** What is kept of a metric's history: enough for extremes, the last value, and a value at a step. */
export interface Curve {
  readonly steps: readonly number[]
  readonly values: readonly number[]
  readonly min: number | null
  readonly max: number | null
}

/** The columns of a drawn series, as `metrics.history` answers them. */
export interface CurveColumns {
  readonly step: ArrayLike<number>
  readonly last: ArrayLike<number>
  readonly min: ArrayLike<number>
  readonly max: ArrayLike<number>
}

/** Buckets keep their extremes, so the smallest and largest value are exact however many points there were. */
export function curveOf({ step, last, min, max }: CurveColumns): Curve {
  const lows = Array.from(min).filter(Number.isFinite)
  const highs = Array.from(max).filter(Number.isFinite)
  return {
    steps: Array.from(step),
    values: Array.from(last),
    min: lows.length === 0 ? null : lows.reduce((least, value) => Math.min(least, value)),
    max: highs.length === 0 ? null : highs.reduce((most, value) => Math.max(most, value)),
  }
}

/**
 * A run's value of a metric; null where it logged none. The last value may be NaN: that is what the run came to. It also
 * stands for the best where neither way is better.
 */
export function measured(curve: Curve | undefined, metric: string, measure: Measure): number | null {
  if (!curve || curve.values.length === 0) return null
  if (measure === 'last' || (measure === 'best' && !hasBest(metric))) return curve.values.at(-1)!
  const high = measure === 'max' || (measure === 'best' && higherIsBetter(metric))
  return high ? curve.max : curve.min
}
