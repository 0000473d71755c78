/** A place in each of two sequences that belong together; null where one of them has nothing. */
export interface AlignedPair {
  readonly left: number | null
  readonly right: number | null
}

/**
 * Aligns two sequences at the least cost (Needleman and Wunsch 1970, as an edit distance). Leaving out an item costs 1;
 * pairing two costs `cost`, Infinity for what must never be paired. Of alignments that cost the same, the one that
 * pairs most from the end is taken, and a removed item stands before an added one.
 */
export function align<Item>(
  left: readonly Item[],
  right: readonly Item[],
  cost: (left: Item, right: Item) => number,
): AlignedPair[] {
  const width = right.length + 1
  const costs = new Float64Array((left.length + 1) * width)
  for (let i = 0; i <= left.length; i++) {
    for (let j = 0; j <= right.length; j++) {
      if (i === 0 || j === 0) costs[i * width + j] = i + j
      else {
        const paired = costs[(i - 1) * width + j - 1]! + cost(left[i - 1]!, right[j - 1]!)
        const alone = Math.min(costs[(i - 1) * width + j]!, costs[i * width + j - 1]!) + 1
        costs[i * width + j] = Math.min(paired, alone)
      }
    }
  }
  return traceBack(left, right, cost, costs)
}

function traceBack<Item>(
  left: readonly Item[],
  right: readonly Item[],
  cost: (left: Item, right: Item) => number,
  costs: Float64Array,
): AlignedPair[] {
  const width = right.length + 1
  const pairs: AlignedPair[] = []
  let [i, j] = [left.length, right.length]
  while (i > 0 || j > 0) {
    const here = costs[i * width + j]!
    if (i > 0 && j > 0 && here === costs[(i - 1) * width + j - 1]! + cost(left[i - 1]!, right[j - 1]!)) {
      pairs.push({ left: --i, right: --j })
    } else if (j > 0 && here === costs[i * width + j - 1]! + 1) pairs.push({ left: null, right: --j })
    else pairs.push({ left: --i, right: null })
  }
  return pairs.reverse()
}
