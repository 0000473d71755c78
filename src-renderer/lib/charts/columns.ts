import type { AxisKind } from './places.ts'

/**
 * What a line is drawn from: columns in the order of steps. They are array-like, so that typed arrays serve as well as
 * arrays; a point stands for a bucket of logged values.
 */
export interface SeriesColumns {
  readonly step: ArrayLike<number>
  readonly epoch: ArrayLike<number>
  /** Milliseconds since 1970. */
  readonly wallTime: ArrayLike<number>
  /** Milliseconds of training; pauses do not count. */
  readonly activeTime: ArrayLike<number>
  /** The value at the bucket's last step. */
  readonly last: ArrayLike<number>
  readonly min: ArrayLike<number>
  readonly max: ArrayLike<number>
  /** `last` smoothed over the full series; missing where it has to be worked out from the buckets. */
  readonly smoothed?: ArrayLike<number>
  /** Of the mean of a group: how many runs each value is the mean of. */
  readonly runs?: ArrayLike<number>
}

export interface DrawnSeries {
  readonly columns: SeriesColumns
  readonly length: number
  /** Logged values that the points stand for. */
  readonly total: number
  /** Logged values per full bucket. */
  readonly bucket: number
  /** The step of the first value that was NaN or infinite. */
  readonly firstNonFinite: number | null
  /**
   * Of runs that were put together along an axis: where the points are on it. Their other places are those of the run
   * that had got furthest, and say nothing of the rest.
   */
  readonly places?: { readonly axis: AxisKind; readonly values: ArrayLike<number> }
}

/** A series of a run and where its points are on an axis, rising. */
export interface PlacedSeries {
  readonly series: DrawnSeries
  readonly places: ArrayLike<number>
}

/** Index of the value nearest to `wanted` in ascending values; -1 when there is none. */
export function nearestIndex(values: ArrayLike<number>, wanted: number): number {
  if (values.length === 0) return -1
  const index = Math.min(firstNotBelow(values, wanted), values.length - 1)
  return index > 0 && wanted - values[index - 1]! < values[index]! - wanted ? index - 1 : index
}

/** Index of the first ascending value that is at least `wanted`; the length when there is none. */
export function firstNotBelow(values: ArrayLike<number>, wanted: number): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (values[middle]! < wanted) low = middle + 1
    else high = middle
  }
  return low
}

/** Index of the last value that is a number; -1 when there is none. */
export function lastFiniteIndex(values: ArrayLike<number>): number {
  for (let index = values.length - 1; index >= 0; index--) if (Number.isFinite(values[index])) return index
  return -1
}
