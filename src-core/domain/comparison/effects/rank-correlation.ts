/** Ranks from 1, equal values sharing the mean of their places. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((a, b) => values[a]! - values[b]!)
  const found = new Array<number>(values.length)
  let first = 0
  while (first < order.length) {
    let last = first
    while (last + 1 < order.length && values[order[last + 1]!] === values[order[first]!]) last++
    for (let place = first; place <= last; place++) found[order[place]!] = (first + last) / 2 + 1
    first = last + 1
  }
  return found
}

/**
 * Spearman's rank correlation: Pearson's of the ranks, ties at their mean rank. From -1 to 1; null for fewer than three
 * pairs, or where one side does not vary.
 */
export function rankCorrelation(x: readonly number[], y: readonly number[]): number | null {
  if (x.length < 3 || x.length !== y.length) return null
  const [a, b] = [ranks(x), ranks(y)]
  const middle = (x.length + 1) / 2
  let [both, first, second] = [0, 0, 0]
  for (let index = 0; index < a.length; index++) {
    const [u, v] = [a[index]! - middle, b[index]! - middle]
    both += u * v
    first += u * u
    second += v * v
  }
  return first === 0 || second === 0 ? null : both / Math.sqrt(first * second)
}
