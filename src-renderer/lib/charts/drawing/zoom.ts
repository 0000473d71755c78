import type { Bounds } from '../axis.ts'
import { nearestIndex } from '../columns.ts'
import { nearestPlace, placeAt, type Places } from '../places.ts'

/**
 * The step at a place of the axis: between two points in proportion, beyond the ends as fast as on the whole, because
 * a zoomed chart holds its own stretch of points alone.
 */
export function stepAt(x: number, places: Places, steps: ArrayLike<number>): number {
  return interpolated(
    x,
    nearestPlace(places, x),
    steps.length,
    (i) => placeAt(places, i),
    (i) => steps[i]!,
  )
}

/** The place of a step, the other way round. */
export function placeOfStep(step: number, places: Places, steps: ArrayLike<number>): number {
  return interpolated(
    step,
    nearestIndex(steps, step),
    steps.length,
    (i) => steps[i]!,
    (i) => placeAt(places, i),
  )
}

type At = (index: number) => number

function interpolated(wanted: number, nearest: number, length: number, from: At, to: At): number {
  if (length < 2) return wanted
  const outside = wanted < from(0) || wanted > from(length - 1)
  const other = wanted < from(nearest) ? nearest - 1 : nearest + 1
  const [a, b] = outside ? [0, length - 1] : [Math.min(nearest, other), Math.max(nearest, other)]
  if (b >= length || a < 0 || from(a) === from(b)) return to(nearest)
  return to(a) + ((wanted - from(a)) * (to(b) - to(a))) / (from(b) - from(a))
}

/** A range made larger or smaller around a place that stays where it is; on a logarithmic axis in its decades. */
export function zoomedAround(range: Bounds, at: number, factor: number, logarithmic = false): Bounds {
  return onAxis(range, logarithmic, ({ min, max }) => {
    const centre = logarithmic ? Math.log10(at) : at
    return { min: centre - (centre - min) * factor, max: centre + (max - centre) * factor }
  })
}

/** A range moved by a share of its width. */
export function panned(range: Bounds, share: number, logarithmic = false): Bounds {
  return onAxis(range, logarithmic, ({ min, max }) => {
    const by = (max - min) * share
    return { min: min + by, max: max + by }
  })
}

function onAxis(range: Bounds, logarithmic: boolean, change: (range: Bounds) => Bounds): Bounds {
  if (!logarithmic) return change(range)
  const { min, max } = change({ min: Math.log10(range.min), max: Math.log10(range.max) })
  return { min: 10 ** min, max: 10 ** max }
}
