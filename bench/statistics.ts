/** The smallest of the numbers that are there; null when none is. */
export function least(values: readonly (number | null | undefined)[]): number | null {
  const present = values.filter((value): value is number => value !== null && value !== undefined)
  return present.length === 0 ? null : Math.min(...present)
}
