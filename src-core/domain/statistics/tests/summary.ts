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

/** The values that can be calculated with. */
export function finite(values: readonly number[]): number[] {
  return values.filter((value) => Number.isFinite(value))
}

/** At least one value. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** At least two values. Equal values have exactly 0, whatever their mean is rounded to. */
export function varianceOf(values: readonly number[]): number {
  if (values.every((value) => value === values[0])) return 0
  const mean = meanOf(values)
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
}

/** Mean, spread and 95 % interval of the mean. NaN and infinities are left out; what cannot be told is null. */
export function summary(values: readonly number[]): Summary {
  const kept = finite(values)
  const n = kept.length
  if (n === 0) return { n, mean: null, standardDeviation: null, standardError: null, interval: null }
  const mean = meanOf(kept)
  if (n === 1) return { n, mean, standardDeviation: null, standardError: null, interval: null }
  const standardDeviation = Math.sqrt(varianceOf(kept))
  const standardError = standardDeviation / Math.sqrt(n)
  const half = criticalT(n - 1) * standardError
  return { n, mean, standardDeviation, standardError, interval: [mean - half, mean + half] }
}
