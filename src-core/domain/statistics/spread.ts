/** Several measurements of one thing, such as the runs of a variant over their seeds. */
export interface Spread {
  /** Those that have the figure: a run that diverged or never reached the goal has none. */
  readonly count: number
  readonly mean: number
  /** Of the sample, with n - 1; null for a single value. */
  readonly standardDeviation: number | null
}

/** Mean and standard deviation of the finite values; null when there are none. */
export function spreadOf(values: readonly (number | null)[]): Spread | null {
  const finite = values.filter((value): value is number => value !== null && Number.isFinite(value))
  if (finite.length === 0) return null
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length
  if (finite.length === 1) return { count: 1, mean, standardDeviation: null }
  const squares = finite.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { count: finite.length, mean, standardDeviation: Math.sqrt(squares / (finite.length - 1)) }
}
