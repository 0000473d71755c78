import { spreadOf } from '../spread.ts'
import { criticalT, type Interval } from './distributions.ts'

export interface Summary {
  /** How many values are finite; the others do not count. */
  readonly n: number
  /** Null without a value. */
  readonly mean: number | null
  /** Of the sample (divided by n - 1); null with fewer than two values. */
  readonly standardDeviation: number | null
  readonly standardError: number | null
  /** Mean plus and minus t times the standard error (Student 1908), 95 %; null with fewer than two values. */
  readonly interval: Interval | null
}

/** Mean, spread and 95 % interval of the mean. NaN and infinities are left out; what cannot be told is null. */
export function summary(values: readonly number[]): Summary {
  const spread = spreadOf(values)
  if (!spread) return { n: 0, mean: null, standardDeviation: null, standardError: null, interval: null }
  const { count: n, mean, standardDeviation } = spread
  if (standardDeviation === null) return { n, mean, standardDeviation, standardError: null, interval: null }
  const standardError = standardDeviation / Math.sqrt(n)
  const half = criticalT(n - 1) * standardError
  return { n, mean, standardDeviation, standardError, interval: [mean - half, mean + half] }
}
