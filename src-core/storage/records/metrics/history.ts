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

type Range = Pick<HistoryQuery, 'fromStep' | 'toStep' | 'maxPoints'>
type Drawn = Pick<Series, 'points' | 'total'>

/** The chart's queries: the ends of a range, its points, or a stretch of one level of the pyramid over them. */
export const historySql = {
  firstFrom: 'SELECT * FROM metric_points WHERE metric_id = ? AND step >= ? ORDER BY step LIMIT 1',
  lastUpTo: 'SELECT * FROM metric_points WHERE metric_id = ? AND step <= ? ORDER BY step DESC LIMIT 1',
  points: 'SELECT * FROM metric_points WHERE metric_id = ? AND step BETWEEN ? AND ? ORDER BY step',
  buckets:
    'SELECT * FROM metric_buckets WHERE metric_id = ? AND level = ? AND bucket >= ? AND bucket < ? ORDER BY bucket',
} as const

/** A function that draws a range of one metric in at most `maxPoints` points. */
export function seriesDrawer(database: ReadableDatabase): (metricId: number, range: Range) => Drawn {
  const firstFrom = database.prepare<[number, number], PointRow>(historySql.firstFrom)
  const lastUpTo = database.prepare<[number, number], PointRow>(historySql.lastUpTo)
  const points = database.prepare<[number, number, number], PointRow>(historySql.points)
  const buckets = database.prepare<[number, number, number, number], BucketRow>(historySql.buckets)
  return (id, { fromStep, toStep, maxPoints }) => {
    const first = firstFrom.get(id, fromStep ?? 0)
    const last = lastUpTo.get(id, toStep ?? Number.MAX_SAFE_INTEGER)
    if (!first || !last || first.ordinal > last.ordinal) return { points: [], total: 0 }
    const total = last.ordinal + 1 - first.ordinal
    const level = finestLevel(first.ordinal, last.ordinal + 1, maxPoints)
    if (level === 0) return { points: points.all(id, first.step, last.step).map(toPoint), total }
    const stretch: Stretch = (at, from, to) => buckets.all(id, at, from, to).map(toBucket)
    return { points: drawBuckets(first, last, level, stretch), total }
  }
}

/** Reads the buckets [from, to) of one level. */
type Stretch = (level: number, from: number, to: number) => SeriesPoint[]

/** The full buckets between two points, with what is left at either end put together from lower levels. */
function drawBuckets(first: PointRow, last: PointRow, level: number, stretch: Stretch): SeriesPoint[] {
  const from = first.ordinal
  const to = last.ordinal + 1
  const size = 2 ** level
  const fullFrom = Math.ceil(from / size)
  const fullTo = Math.floor(to / size)
  // A cover has single points only at the two ends of the range, since everything between is aligned.
  const nodeAt = ({ level: at, bucket }: Node): SeriesPoint =>
    at > 0 ? stretch(at, bucket, bucket + 1)[0]! : toPoint(bucket === from ? first : last)
  const partial = (start: number, end: number): SeriesPoint[] =>
    start < end ? [cover(start, end).map(nodeAt).reduce(merge)] : []
  return [...partial(from, fullFrom * size), ...stretch(level, fullFrom, fullTo), ...partial(fullTo * size, to)]
}
