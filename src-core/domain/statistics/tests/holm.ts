/**
 * p-values of several comparisons, raised so that the chance of even one false claim stays at the level: Holm, “A simple
 * sequentially rejective multiple test procedure”, Scand. J. Stat. 6 (1979). In the order given; null (no test was
 * possible) stays null and does not count.
 */
export function holm(values: readonly (number | null)[]): (number | null)[] {
  const order = values
    .map((p, index) => ({ p, index }))
    .filter((one): one is { p: number; index: number } => one.p !== null)
    .sort((a, b) => a.p - b.p)
  const adjusted: (number | null)[] = values.map(() => null)
  let highest = 0
  order.forEach(({ p, index }, rank) => {
    highest = Math.max(highest, Math.min(1, p * (order.length - rank)))
    adjusted[index] = highest
  })
  return adjusted
}
