import type { Series, SeriesPoint, StepRecord } from '../../../src-core/domain/metrics.ts'

/** The columns of a drawn series, in the order of steps; arrays of numbers because thousands of objects are slow. */
export interface Columns {
  readonly step: number[]
  readonly epoch: number[]
  readonly wallTime: number[]
  readonly activeTime: number[]
  readonly last: number[]
  readonly min: number[]
  readonly max: number[]
}

const columnNames = ['step', 'epoch', 'wallTime', 'activeTime', 'last', 'min', 'max'] as const

function emptyColumns(): Columns {
  return { step: [], epoch: [], wallTime: [], activeTime: [], last: [], min: [], max: [] }
}

/**
 * A metric of a run as it is drawn: history fetched once, then live points appended at its end. When it grows past
 * twice `maxPoints` neighbouring buckets are merged, so drawing costs the same however long the run is.
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
  private readonly maxPoints: number

  constructor(maxPoints: number) {
    this.maxPoints = maxPoints
  }

  get length(): number {
    return this.columns.step.length
  }

  /** The newest step that is held: live records up to here are already drawn. */
  get cursor(): number {
    return this.columns.step.at(-1) ?? -1
  }

  load(series: Series): void {
    for (const name of columnNames) this.columns[name].length = 0
    this.firstNonFinite = null
    for (const point of series.points) this.push(point)
    this.total = series.total
    const perPoint = series.points.length > 0 ? series.total / series.points.length : 1
    this.bucket = 2 ** Math.ceil(Math.log2(Math.max(1, perPoint)))
    this.open = this.bucket
  }

  /** Appends one record; false when it does not hold the metric or was already there. */
  append(record: StepRecord, metric: string): boolean {
    const value = record.metrics[metric]
    if (value === undefined || record.step <= this.cursor) return false
    const extreme = Number.isFinite(value) ? value : NaN
    const point = { ...record, last: value, min: extreme, max: extreme }
    if (this.open < this.bucket) this.mergeIntoLast(point)
    else this.startBucket(point)
    this.total += 1
    if (this.length > 2 * this.maxPoints) this.halve()
    return true
  }

  private startBucket(point: SeriesPoint): void {
    this.push(point)
    this.open = 1
  }

  private push(point: SeriesPoint): void {
    for (const name of columnNames) this.columns[name].push(point[name])
    if (this.firstNonFinite === null && !Number.isFinite(point.last)) this.firstNonFinite = point.step
  }

  private mergeIntoLast(point: SeriesPoint): void {
    this.write(this.length - 1, { ...point, ...extremes(this.at(this.length - 1), point) })
    this.open += 1
    if (this.firstNonFinite === null && !Number.isFinite(point.last)) this.firstNonFinite = point.step
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

  at(index: number): SeriesPoint {
    const { step, epoch, wallTime, activeTime, last, min, max } = this.columns
    return {
      step: step[index]!,
      epoch: epoch[index]!,
      wallTime: wallTime[index]!,
      activeTime: activeTime[index]!,
      last: last[index]!,
      min: min[index]!,
      max: max[index]!,
    }
  }

  private write(index: number, point: SeriesPoint): void {
    for (const name of columnNames) this.columns[name][index] = point[name]
  }
}

/** Extremes of two buckets; NaN stands for a bucket without a finite value. */
function extremes(left: SeriesPoint, right: SeriesPoint): { min: number; max: number } {
  const min = Math.min(Number.isNaN(left.min) ? Infinity : left.min, Number.isNaN(right.min) ? Infinity : right.min)
  const max = Math.max(Number.isNaN(left.max) ? -Infinity : left.max, Number.isNaN(right.max) ? -Infinity : right.max)
  return min === Infinity ? { min: NaN, max: NaN } : { min, max }
}
