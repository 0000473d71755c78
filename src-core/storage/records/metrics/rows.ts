import { kindOf, valueOf, type SeriesPoint, type ValueKind } from '../../../domain/metrics.ts'

/** A row of `metric_points`. */
export interface PointRow {
  step: number
  ordinal: number
  epoch: number
  wall_time: number
  active_time: number
  kind: number
  value: number | null
}

/** A row of `metric_buckets`. */
export interface BucketRow {
  last_step: number
  last_epoch: number
  last_wall_time: number
  last_active_time: number
  last_kind: number
  last_value: number | null
  min: number | null
  max: number | null
}

/** How a kind is numbered in the database. The order never changes. */
const kinds: readonly ValueKind[] = ['finite', 'nan', 'positive-infinity', 'negative-infinity']

/** The number that a kind is stored as. */
export function toKind(kind: ValueKind): number {
  return kinds.indexOf(kind)
}

/** The number that was stored as a kind and a value. */
export function toValue(kind: number, value: number | null): number {
  return valueOf(kinds[kind] ?? 'nan', value)
}

export function toPoint(row: PointRow): SeriesPoint {
  const last = toValue(row.kind, row.value)
  const finite = Number.isFinite(last) ? last : NaN
  const { step, epoch, wall_time: wallTime, active_time: activeTime } = row
  return { step, epoch, wallTime, activeTime, last, min: finite, max: finite }
}

export function toBucket(row: BucketRow): SeriesPoint {
  return {
    step: row.last_step,
    epoch: row.last_epoch,
    wallTime: row.last_wall_time,
    activeTime: row.last_active_time,
    last: toValue(row.last_kind, row.last_value),
    min: row.min ?? NaN,
    max: row.max ?? NaN,
  }
}

/** The columns of a bucket; SQLite would store NaN as NULL silently, so it is said here. */
export function bucketColumns(point: SeriesPoint): BucketRow {
  const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null)
  return {
    last_step: point.step,
    last_epoch: point.epoch,
    last_wall_time: point.wallTime,
    last_active_time: point.activeTime,
    last_kind: toKind(kindOf(point.last)),
    last_value: finiteOrNull(point.last),
    min: finiteOrNull(point.min),
    max: finiteOrNull(point.max),
  }
}
