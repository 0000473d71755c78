import { significanceLevel } from './distributions.ts'

interface Ranked {
  readonly p: number
  readonly index: number
}

/** Smallest first; those that are null do not count. */
function ranked(values: readonly (number | null)[]): Ranked[] {
  return values
    .map((p, index) => ({ p, index }))
    .filter((one): one is Ranked => one.p !== null)
    .sort((a, b) => a.p - b.p)
}

/**
 * p-values of several comparisons, raised so that the chance of even one false claim stays at the level: Holm, “A simple
 * sequentially rejective multiple test procedure”, Scand. J. Stat. 6 (1979). In the order given; null (no test was
 * possible) stays null and does not count.
 */
export function holm(values: readonly (number | null)[]): (number | null)[] {
  const order = ranked(values)
  const adjusted: (number | null)[] = values.map(() => null)
  let highest = 0
  order.forEach(({ p, index }, rank) => {
    highest = Math.max(highest, Math.min(1, p * (order.length - rank)))
    adjusted[index] = highest
  })
  return adjusted
}

/**
 * The level of the interval that says the same as Holm's method, comparison by comparison: it leaves out 0 exactly where
 * the raised p-value is below the level of 5 %. The k-th smallest of m is compared with 5 % / (m - k + 1) as long as all
 * before it were told apart; with the first that is not, the method stops, and all further ones are left at its level.
 * With one comparison 0.95. In the order given; null stays null.
 */
export function holmLevels(values: readonly (number | null)[]): (number | null)[] {
  const order = ranked(values)
  const share = (rank: number): number => significanceLevel / (order.length - rank)
  const stopped = order.findIndex(({ p }, rank) => p >= share(rank))
  const levels: (number | null)[] = values.map(() => null)
  order.forEach(({ index }, rank) => {
    levels[index] = 1 - share(stopped < 0 ? rank : Math.min(rank, stopped))
  })
  return levels
}
