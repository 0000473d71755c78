/** A line through points. */
export interface Points {
  readonly x: Float64Array
  readonly y: Float64Array
}

/**
 * A line with at most `most` points: of each stretch of as many points its lowest and its highest, so that no extreme
 * is lost. Stretches without a finite value leave a gap.
 */
export function thinned(x: Float64Array, y: Float64Array, most: number): Points {
  if (x.length <= most) return { x, y }
  const stretch = Math.ceil(x.length / Math.floor(most / 2))
  const kept: number[] = []
  for (let from = 0; from < x.length; from += stretch) {
    let [low, high] = [-1, -1]
    for (let i = from; i < Math.min(x.length, from + stretch); i++) {
      if (!Number.isFinite(y[i])) continue
      if (low < 0 || y[i]! < y[low]!) low = i
      if (high < 0 || y[i]! > y[high]!) high = i
    }
    if (low < 0) kept.push(from)
    else kept.push(...new Set([Math.min(low, high), Math.max(low, high)]))
  }
  return { x: Float64Array.from(kept, (i) => x[i]!), y: Float64Array.from(kept, (i) => y[i]!) }
}
