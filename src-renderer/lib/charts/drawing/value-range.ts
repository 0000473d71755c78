import type { Bounds } from '../axis.ts'
import { visiblePoints, type Places } from '../places.ts'

/** A line as the value axis sees it. */
export interface RangedLine {
  readonly places: Places
  readonly smoothed: ArrayLike<number>
  /** Empty when only the smoothed line is drawn. */
  readonly min: ArrayLike<number>
  readonly max: ArrayLike<number>
  /** Smallest and largest are a band around the line, which may be much wider than the lines differ. */
  readonly band?: boolean
}

export interface RangeOptions {
  readonly from: number
  readonly to: number
  /** Values at or below 0 have no place on a logarithmic axis. */
  readonly logarithmic: boolean
  /** Leaves the lowest and highest twentieth of the visible values out of the range; nothing is left out of the data. */
  readonly withoutOutliers: boolean
}

/** Values per chart from which the quantiles are taken: enough for 5 %, few enough for a live chart. */
const sampleSize = 4096
const share = 0.05

/** The smallest and largest visible values; null when there is none. */
export function boundsOfValues(lines: readonly RangedLine[], options: RangeOptions): Bounds | null {
  return (options.withoutOutliers ? quantileBounds(lines, options) : null) ?? fullBounds(lines, options)
}

function fullBounds(lines: readonly RangedLine[], options: RangeOptions): Bounds | null {
  const values = united(
    lines.flatMap((line) => (line.band ? [[line, line.smoothed]] : columnsOf(line)) as Column[]),
    options,
  )
  const bands = united(
    lines.flatMap((line) => (line.band ? columnsOf(line) : [])),
    options,
  )
  if (values.min === Infinity) return null
  // A band of two runs can be so wide that nothing of the lines would be seen.
  const room = (values.max - values.min) * widestBand || Infinity
  return {
    min: Math.min(values.min, Math.max(bands.min, values.min - room)),
    max: Math.max(values.max, Math.min(bands.max, values.max + room)),
  }
}

/** How far the axis follows a band beyond the lines, in widths of what the lines span. */
const widestBand = 1

type Column = readonly [line: RangedLine, values: ArrayLike<number>]

function columnsOf(line: RangedLine): Column[] {
  return [line.smoothed, line.min, line.max].map((values) => [line, values])
}

function united(columns: readonly Column[], { from, to, logarithmic }: RangeOptions): Bounds {
  let { min, max } = nothing
  for (const [line, values] of columns) {
    if (values.length === 0) continue
    const { first, end } = visiblePoints(line.places, from, to)
    const bounds = boundsBetween(values, first, end, logarithmic)
    if (bounds.min < min) min = bounds.min
    if (bounds.max > max) max = bounds.max
  }
  return { min, max }
}

const nothing: Bounds = { min: Infinity, max: -Infinity }

interface KnownBounds extends Bounds {
  readonly first: number
  readonly end: number
  readonly logarithmic: boolean
}

const known = new WeakMap<object, KnownBounds>()
/** How many values at the end of a column may still change: the open bucket, and what a centred smoothing sees. */
const unsettled = 600

/** The bounds of a stretch of a column. A live column grows at its end, so that only the end is looked at again. */
function boundsBetween(values: ArrayLike<number>, first: number, end: number, logarithmic: boolean): Bounds {
  const before = known.get(values)
  const goesOn = before?.first === first && before.end <= end && before.logarithmic === logarithmic
  const settled = goesOn ? before : scan(values, first, Math.max(first, end - unsettled), logarithmic, nothing)
  const upTo = goesOn ? before.end : Math.max(first, end - unsettled)
  const grown = scan(values, upTo, Math.max(upTo, end - unsettled), logarithmic, settled)
  known.set(values, { ...grown, first, end: Math.max(upTo, end - unsettled), logarithmic })
  return scan(values, Math.max(upTo, end - unsettled), end, logarithmic, grown)
}

function scan(values: ArrayLike<number>, from: number, to: number, logarithmic: boolean, begin: Bounds): Bounds {
  let { min, max } = begin
  const floor = logarithmic ? 0 : -Infinity
  const last = Math.min(to, values.length)
  for (let i = from; i < last; i++) {
    const value = values[i]!
    if (!(value > floor) || value === Infinity) continue
    if (value < min) min = value
    if (value > max) max = value
  }
  return { min, max }
}

function quantileBounds(lines: readonly RangedLine[], { from, to, logarithmic }: RangeOptions): Bounds | null {
  const spans = lines.map((line) => ({ line, ...visiblePoints(line.places, from, to) }))
  const points = spans.reduce((sum, { first, end }) => sum + end - first, 0)
  const stride = Math.max(1, Math.ceil((2 * points) / sampleSize))
  const floor = logarithmic ? 0 : -Infinity
  const values: number[] = []
  for (const { line, first, end } of spans) {
    for (const column of line.min.length > 0 && !line.band ? [line.min, line.max] : [line.smoothed]) {
      for (let i = first; i < end; i += stride) {
        const value = column[i]!
        if (value > floor && value !== Infinity) values.push(value)
      }
    }
  }
  if (values.length < 20) return null
  const sorted = Float64Array.from(values).sort()
  const at = (part: number): number => sorted[Math.round(part * (sorted.length - 1))]!
  return { min: at(share), max: at(1 - share) }
}
