/** Several measurements of one thing, such as the runs of a variant over their seeds. */
export interface Spread {
  /** Those that have the figure: a run that diverged or never reached the goal has none. */
  readonly count: number
  readonly mean: number
  /** Of the sample, with n - 1; null for a single value. */
  readonly standardDeviation: number | null
}

/** The values that can be calculated with. */
export function finite(values: readonly (number | null)[]): number[] {
  return values.filter((value): value is number => value !== null && Number.isFinite(value))
}

/** At least one value. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** What calculating with such values may be off by, generously: 1e-12 of the largest finite one. */
export function roundingOf(values: readonly number[]): number {
  return 1e-12 * finite(values).reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
}

/**
 * The variance of a sample, at least two values. Values that differ by rounding alone have exactly 0: otherwise 0.9 - 0.8
 * and 0.8 - 0.7 would be a spread, and whatever they are compared with beyond all doubt.
 * @param rounding what the values may be off by; of differences, that of the values they are differences of.
 */
export function varianceOf(values: readonly number[], rounding = roundingOf(values)): number {
  const mean = meanOf(values)
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
  return variance <= rounding ** 2 ? 0 : variance
}

/** Mean and standard deviation of the finite values; null when there are none. */
export function spreadOf(values: readonly (number | null)[]): Spread | null {
  const kept = finite(values)
  if (kept.length === 0) return null
  const standardDeviation = kept.length === 1 ? null : Math.sqrt(varianceOf(kept))
  return { count: kept.length, mean: meanOf(kept), standardDeviation }
}
