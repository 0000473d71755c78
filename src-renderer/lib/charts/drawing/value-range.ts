import type { Bounds } from '../axis.ts'
import { visiblePoints, type Places } from '../places.ts'

/** A line as the value axis sees it. */
export interface RangedLine {
  readonly places: Places
  readonly smoothed: ArrayLike<number>
  /** Empty when only the smoothed line is drawn. */
  readonly min: ArrayLike<number>
  readonly max: ArrayLike<number>
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

function fullBounds(lines: readonly RangedLine[], { from, to, logarithmic }: RangeOptions): Bounds | null {
  let [min, max] = [Infinity, -Infinity]
  const floor = logarithmic ? 0 : -Infinity
  for (const line of lines) {
    const { first, end } = visiblePoints(line.places, from, to)
    for (const values of [line.smoothed, line.min, line.max]) {
      const last = Math.min(end, values.length)
      for (let i = first; i < last; i++) {
        const value = values[i]!
        if (!(value > floor) || value === Infinity) continue
        if (value < min) min = value
        if (value > max) max = value
      }
    }
  }
  return min === Infinity ? null : { min, max }
}

function quantileBounds(lines: readonly RangedLine[], { from, to, logarithmic }: RangeOptions): Bounds | null {
  const spans = lines.map((line) => ({ line, ...visiblePoints(line.places, from, to) }))
  const points = spans.reduce((sum, { first, end }) => sum + end - first, 0)
  const stride = Math.max(1, Math.ceil((2 * points) / sampleSize))
  const floor = logarithmic ? 0 : -Infinity
  const values: number[] = []
  for (const { line, first, end } of spans) {
    for (const column of line.min.length > 0 ? [line.min, line.max] : [line.smoothed]) {
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
