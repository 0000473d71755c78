import { formatClock, formatCount } from '../format.ts'
import type { LiveSeries } from './live-series.ts'

export const axisKinds = ['step', 'epoch', 'active', 'wall'] as const
export type AxisKind = (typeof axisKinds)[number]

export const axisTitles: Record<AxisKind, string> = {
  step: 'Step',
  epoch: 'Epoch',
  active: 'Training time',
  wall: 'Time since start',
}

export function isTime(axis: AxisKind): boolean {
  return axis === 'active' || axis === 'wall'
}

export interface Point {
  readonly x: number
  readonly y: number
}

export interface PreparedLine {
  /** Every drawn value: of a bucket its smallest and its largest, so that no extreme is lost. NaN makes a gap. */
  readonly raw: Point[]
  /** One value per bucket; the raw values themselves when nothing is smoothed. */
  readonly smoothed: Point[]
}

/** Places of a series on the x axis. Times count from `origin`, the moment at which the run started. */
export function xValues(series: LiveSeries, axis: AxisKind, origin: number | null): readonly number[] {
  const { step, epoch, activeTime, wallTime } = series.columns
  if (axis === 'step') return step
  if (axis === 'epoch') return epoch
  if (axis === 'active') return activeTime
  const start = origin ?? wallTime[0] ?? 0
  return wallTime.map((time) => Math.max(0, time - start))
}

/** The smoothed values of a series, computed over every logged value; the values themselves without smoothing. */
export function smoothedValues(series: LiveSeries, weight: number): readonly number[] {
  return weight === 0 ? series.columns.last : series.columns.smoothed
}

export function prepareLine(
  series: LiveSeries,
  axis: AxisKind,
  options: { smoothing: number; origin: number | null },
): PreparedLine {
  const xs = xValues(series, axis, options.origin)
  const smoothed = smoothedValues(series, options.smoothing).map((value, i) => ({ x: xs[i]!, y: finiteOrGap(value) }))
  if (options.smoothing === 0 && series.bucket === 1) return { raw: [], smoothed }
  return { raw: series.columns.last.flatMap((value, i) => rawPoints(series, i, xs[i]!, value)), smoothed }
}

function rawPoints(series: LiveSeries, index: number, x: number, last: number): Point[] {
  const { min, max } = series.columns
  if (!Number.isFinite(last)) return [{ x, y: NaN }]
  if (min[index] === max[index]) return [{ x, y: last }]
  return [
    { x, y: min[index]! },
    { x, y: max[index]! },
  ]
}

function finiteOrGap(value: number): number {
  return Number.isFinite(value) ? value : NaN
}

/** Index of the place nearest to `x` in ascending places; -1 when there is none. */
export function nearestIndex(xs: readonly number[], x: number): number {
  let low = 0
  let high = xs.length - 1
  if (high < 0) return -1
  while (low < high) {
    const middle = (low + high) >> 1
    if (xs[middle]! < x) low = middle + 1
    else high = middle
  }
  return low > 0 && x - xs[low - 1]! < xs[low]! - x ? low - 1 : low
}

/** The last value that is a number, with its index; null when there is none. */
export function lastFinite(values: readonly number[]): { index: number; value: number } | null {
  for (let index = values.length - 1; index >= 0; index--) {
    if (Number.isFinite(values[index])) return { index, value: values[index]! }
  }
  return null
}

export function formatX(axis: AxisKind, value: number): string {
  if (axis === 'step') return formatCount(Math.round(value))
  return axis === 'epoch' ? String(Number(value.toFixed(2))) : formatClock(value)
}
