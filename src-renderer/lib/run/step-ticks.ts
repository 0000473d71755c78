/**
 * The newest of some steps at or before a step; the first of all when there is none so early, the last for null.
 * @param steps ascending
 */
export function stepAtOrBefore(steps: readonly number[], step: number | null): number | null {
  const found = step === null ? steps.at(-1) : steps.findLast((one) => one <= step)
  return found ?? steps[0] ?? null
}

/**
 * Where one arrow key leads from a step (null is the newest, `last`): to the next tick that way. Past the last tick
 * lies the newest, before the first one the step stays.
 * @param ticks ascending
 */
export function neighbouringTick(
  ticks: readonly number[],
  step: number | null,
  last: number,
  direction: 1 | -1,
): number | null {
  const from = step ?? last
  if (direction < 0) return ticks.findLast((tick) => tick < from) ?? step
  const next = step === null ? undefined : ticks.find((tick) => tick > from && tick < last)
  return next ?? null
}
