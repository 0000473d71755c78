export interface GoalPoint {
  readonly epoch: number
  readonly value: number
}

/**
 * The epoch at which the trailing mean over `window` values first reaches `atLeast`; null when it never does.
 * A value that is not finite counts as not reached.
 */
export function firstReached(points: readonly GoalPoint[], atLeast: number, window: number): number | null {
  for (let end = window; end <= points.length; end++) {
    const mean = points.slice(end - window, end).reduce((sum, { value }) => sum + value, 0) / window
    if (mean >= atLeast) return points[end - 1]!.epoch
  }
  return null
}
