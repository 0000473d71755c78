import type { RunId } from '../../../domain/ids.ts'
import type { Series, SeriesPoint } from '../../../domain/metrics.ts'
import type { ReadableDatabase } from '../../database.ts'
import { cover, finestLevel, merge, type Node } from './pyramid.ts'
import { toBucket, toPoint, type BucketRow, type PointRow } from './rows.ts'

export interface HistoryQuery {
  readonly runIds: readonly RunId[]
  readonly metrics: readonly string[]
  /** First and last step, both included; null is open. */
  readonly fromStep: number | null
  readonly toStep: number | null
  /** At least 2. */
  readonly maxPoints: number
}

export type Range = Pick<HistoryQuery, 'fromStep' | 'toStep' | 'maxPoints'>
type Drawn = Pick<Series, 'points' | 'total'>

/** The chart's queries: the ends of a range, its points, or a stretch of one level of the pyramid over them. */
export const historySql = {
  firstFrom: 'SELECT * FROM metric_points WHERE metric_id = ? AND step >= ? ORDER BY step LIMIT 1',
  lastUpTo: 'SELECT * FROM metric_points WHERE metric_id = ? AND step <= ? ORDER BY step DESC LIMIT 1',
  points: 'SELECT * FROM metric_points WHERE metric_id = ? AND step BETWEEN ? AND ? ORDER BY step',
  buckets:
    'SELECT * FROM metric_buckets WHERE metric_id = ? AND level = ? AND bucket >= ? AND bucket < ? ORDER BY bucket',
} as const

/** The ends of a range, and the level of the pyramid at which it fits; level 0 is the points themselves. */
export interface FoundRange {
  readonly first: PointRow
  readonly last: PointRow
  readonly level: number
}

/** A function that finds the points of a metric within a range; null when there are none. */
export function rangeFinder(database: ReadableDatabase): (metricId: number, range: Range) => FoundRange | null {
  const firstFrom = database.prepare<[number, number], PointRow>(historySql.firstFrom)
  const lastUpTo = database.prepare<[number, number], PointRow>(historySql.lastUpTo)
  return (id, { fromStep, toStep, maxPoints }) => {
    const first = firstFrom.get(id, fromStep ?? 0)
    const last = lastUpTo.get(id, toStep ?? Number.MAX_SAFE_INTEGER)
    if (!first || !last || first.ordinal > last.ordinal) return null
    return { first, last, level: finestLevel(first.ordinal, last.ordinal + 1, maxPoints) }
  }
}

/**
 * A function that puts one point together from the lower levels: what is left of a range at either end, the ordinals
 * from `start` up to and without `end`. A cover has single points only at the two ends of the range, since everything
 * between is aligned.
 */
export function partialReader(
  database: ReadableDatabase,
): (metricId: number, range: FoundRange, start: number, end: number) => SeriesPoint {
  const bucket = database.prepare<[number, number, number, number], BucketRow>(historySql.buckets)
  return (id, { first, last }, start, end) => {
    const nodeAt = ({ level, bucket: at }: Node): SeriesPoint =>
      level > 0 ? toBucket(bucket.get(id, level, at, at + 1)!) : toPoint(at === first.ordinal ? first : last)
    return cover(start, end).map(nodeAt).reduce(merge)
  }
}

/** A function that draws a range of one metric in at most `maxPoints` points. */
export function seriesDrawer(database: ReadableDatabase): (metricId: number, range: Range) => Drawn {
  const findRange = rangeFinder(database)
  const partial = partialReader(database)
  const points = database.prepare<[number, number, number], PointRow>(historySql.points)
  const buckets = database.prepare<[number, number, number, number], BucketRow>(historySql.buckets)
  return (id, range) => {
    const found = findRange(id, range)
    if (!found) return { points: [], total: 0 }
    const { first, last, level } = found
    const [from, to, size] = [first.ordinal, last.ordinal + 1, 2 ** level]
    if (level === 0) return { points: points.all(id, first.step, last.step).map(toPoint), total: to - from }
    const fullFrom = Math.ceil(from / size)
    const fullTo = Math.floor(to / size)
    const before = from < fullFrom * size ? [partial(id, found, from, fullFrom * size)] : []
    const after = fullTo * size < to ? [partial(id, found, fullTo * size, to)] : []
    return {
      points: [...before, ...buckets.all(id, level, fullFrom, fullTo).map(toBucket), ...after],
      total: to - from,
    }
  }
}
