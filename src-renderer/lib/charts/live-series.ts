import { columnNames, type DrawnSeries } from '../../../src-core/domain/statistics/drawn-series.ts'
import type { SeriesPoint, StepRecord } from '../../../src-core/domain/metrics.ts'
import {
  initialState,
  noSmoothing,
  smoothNext,
  smoothTail,
  unsettledLength,
  type Smoothing,
  type SmoothingState,
} from '../../../src-core/domain/statistics/series-smoothing.ts'

/** The columns of a drawn series, in the order of steps; arrays of numbers because thousands of objects are slow. */
export type Columns = { readonly [Name in (typeof columnNames)[number]]: number[] }

/** A point with its smoothed value. */
type DrawnPoint = SeriesPoint & { readonly smoothed: number }

function emptyColumns(): Columns {
  return { step: [], epoch: [], wallTime: [], activeTime: [], last: [], min: [], max: [], smoothed: [] }
}

/**
 * A metric of a run as it is drawn: history fetched once, then live points appended at its end. When it grows past
 * twice `maxPoints` neighbouring buckets are merged, so drawing costs the same however long the run is. Smoothing goes
 * on from where it ended over every logged value, so that a line that grew is the line that a new fetch would give.
 */
export class LiveSeries {
  readonly columns: Columns = emptyColumns()
  /** Logged values that the points stand for. */
  total = 0
  /** Logged values per full bucket, a power of two. */
  bucket = 1
  /** The step of the first value that was NaN or infinite. */
  firstNonFinite: number | null = null
  /** Logged values in the last bucket; a full one is followed by a new one. */
  private open = 1
  private state: SmoothingState = initialState()
  private readonly maxPoints: number
  private readonly smoothing: Smoothing

  /** `smoothing` is how the series that are loaded were smoothed, and how their continuation will be. */
  constructor(maxPoints: number, smoothing: Smoothing = noSmoothing) {
    this.maxPoints = maxPoints
    this.smoothing = smoothing
  }

  get length(): number {
    return this.columns.step.length
  }

  /** The newest step that is held: live records up to here are already drawn. */
  get cursor(): number {
    return this.columns.step.at(-1) ?? -1
  }

  /** Takes a fetched series in the place of what is there. */
  load(series: DrawnSeries): void {
    for (const name of columnNames) {
      const column = this.columns[name]
      const values = series.columns[name]
      column.length = values.length
      for (let i = 0; i < values.length; i++) column[i] = values[i]!
    }
    this.firstNonFinite = series.firstNonFinite
    this.total = series.total
    this.bucket = series.bucket
    this.open = series.open
    this.state = { ...series.smoothing, tail: [...series.smoothing.tail] }
  }

  /** Appends what the records hold of the metric and was not there; false when that is nothing. */
  appendAll(records: readonly StepRecord[], metric: string): boolean {
    const before = this.total
    for (const record of records) this.add(record, metric)
    if (this.total > before) this.settleTail()
    return this.total > before
  }

  /** `appendAll` of one record. */
  append(record: StepRecord, metric: string): boolean {
    return this.appendAll([record], metric)
  }

  private add(record: StepRecord, metric: string): void {
    const value = record.metrics[metric]
    if (value === undefined || record.step <= this.cursor) return
    const extreme = Number.isFinite(value) ? value : NaN
    const smoothed = smoothNext(this.state, record.step, value, this.smoothing)
    const point = { ...record, last: value, min: extreme, max: extreme, smoothed }
    if (this.open < this.bucket) this.mergeIntoLast(point)
    else this.startBucket(point)
    this.total += 1
    this.settleLast()
    if (this.length > 2 * this.maxPoints) this.halve()
  }

  /** Smooths anew what depends on values that came just now: the ends of the last buckets, for some kinds. */
  private settleTail(): void {
    const unsettled = Math.min(unsettledLength(this.smoothing), this.state.tail.length - 1)
    let back = this.open
    for (let at = this.length - 2; at >= 0 && back <= unsettled; at--) {
      this.columns.smoothed[at] = smoothTail(this.state, back, this.smoothing)
      back += this.bucket
    }
  }

  /** Smooths the end of that bucket, if any, which no value that follows will change: the newest values reach so far. */
  private settleLast(): void {
    const back = unsettledLength(this.smoothing)
    const buckets = (back - this.open) / this.bucket
    const at = this.length - 2 - buckets
    if (back === 0 || buckets < 0 || at < 0 || !Number.isInteger(buckets)) return
    this.columns.smoothed[at] = smoothTail(this.state, back, this.smoothing)
  }

  private startBucket(point: DrawnPoint): void {
    for (const name of columnNames) this.columns[name].push(point[name])
    this.noteNonFinite(point)
    this.open = 1
  }

  private noteNonFinite(point: SeriesPoint): void {
    if (this.firstNonFinite === null && !Number.isFinite(point.last)) this.firstNonFinite = point.step
  }

  private mergeIntoLast(point: DrawnPoint): void {
    this.write(this.length - 1, { ...point, ...extremes(this.at(this.length - 1), point) })
    this.open += 1
    this.noteNonFinite(point)
  }

  private halve(): void {
    const kept = Math.ceil(this.length / 2)
    for (let i = 0; i < kept; i++) {
      const right = Math.min(2 * i + 1, this.length - 1)
      this.write(i, { ...this.at(right), ...extremes(this.at(2 * i), this.at(right)) })
    }
    const oddOut = this.length % 2 === 1
    for (const name of columnNames) this.columns[name].length = kept
    this.open = oddOut ? this.open : this.bucket + this.open
    this.bucket *= 2
  }

  at(index: number): DrawnPoint {
    const { columns } = this
    return {
      step: columns.step[index]!,
      epoch: columns.epoch[index]!,
      wallTime: columns.wallTime[index]!,
      activeTime: columns.activeTime[index]!,
      last: columns.last[index]!,
      min: columns.min[index]!,
      max: columns.max[index]!,
      smoothed: columns.smoothed[index]!,
    }
  }

  private write(index: number, point: DrawnPoint): void {
    for (const name of columnNames) this.columns[name][index] = point[name]
  }
}

/** Extremes of two buckets; NaN stands for a bucket without a finite value. */
function extremes(left: SeriesPoint, right: SeriesPoint): { min: number; max: number } {
  const min = Math.min(Number.isNaN(left.min) ? Infinity : left.min, Number.isNaN(right.min) ? Infinity : right.min)
  const max = Math.max(Number.isNaN(left.max) ? -Infinity : left.max, Number.isNaN(right.max) ? -Infinity : right.max)
  return min === Infinity ? { min: NaN, max: NaN } : { min, max }
}
