import type { SeriesPoint, StepRecord } from '../../../domain/metrics.ts'

/**
 * The arithmetic of the min/max/last pyramid. Points of a metric are numbered from 0 in the order of their steps
 * (ordinals). The node (level, bucket) stands for the 2^level points from ordinal bucket * 2^level; level 0 is the
 * points themselves. Only full nodes exist.
 */
export interface Node {
  readonly level: number
  readonly bucket: number
}

/** The drawn form of one value. */
export function pointOf(record: Omit<StepRecord, 'metrics'>, value: number): SeriesPoint {
  const finite = Number.isFinite(value) ? value : NaN
  const { step, epoch, wallTime, activeTime } = record
  return { step, epoch, wallTime, activeTime, last: value, min: finite, max: finite }
}

/** Two neighbouring stretches as one: the later one's end, the extremes of both. NaN stands for "no finite value". */
export function merge(earlier: SeriesPoint, later: SeriesPoint): SeriesPoint {
  return {
    ...later,
    min: finiteOf(Math.min, earlier.min, later.min),
    max: finiteOf(Math.max, earlier.max, later.max),
  }
}

function finiteOf(choose: (a: number, b: number) => number, a: number, b: number): number {
  if (Number.isNaN(a)) return b
  return Number.isNaN(b) ? a : choose(a, b)
}

/** The nodes above level 0 that are full once the point with this ordinal is there, lowest first. */
export function completedBy(ordinal: number): Node[] {
  const nodes: Node[] = []
  for (let level = 1; (ordinal + 1) % 2 ** level === 0; level++) {
    nodes.push({ level, bucket: (ordinal + 1) / 2 ** level - 1 })
  }
  return nodes
}

/** The fewest full nodes that together stand for exactly the ordinals from `from` up to and without `to`. */
export function cover(from: number, to: number): Node[] {
  const nodes: Node[] = []
  while (from < to) {
    let level = 0
    while (from % 2 ** (level + 1) === 0 && from + 2 ** (level + 1) <= to) level++
    nodes.push({ level, bucket: from / 2 ** level })
    from += 2 ** level
  }
  return nodes
}

/** The finest level at which the ordinals [from, to) touch at most `maximum` buckets; 0 when the points fit. */
export function finestLevel(from: number, to: number, maximum: number): number {
  let level = 0
  while (Math.ceil(to / 2 ** level) - Math.floor(from / 2 ** level) > maximum) level++
  return level
}
