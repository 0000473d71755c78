import type { DrawnSeries, SeriesColumns } from '../columns.ts'

/** How far from a wanted step a value may be taken: the mean distance of the points. */
function reachOf(step: ArrayLike<number>): number {
  return step.length < 2 ? 0 : (step[step.length - 1]! - step[0]!) / (step.length - 1)
}

/** The values of a series at other steps: each from the nearest point, NaN where there is none near. */
export function valuesAt(series: DrawnSeries, values: ArrayLike<number>, steps: ArrayLike<number>): Float64Array {
  const { step } = series.columns
  const reach = reachOf(step)
  const result = new Float64Array(steps.length).fill(NaN)
  let at = 0
  for (let i = 0; i < steps.length; i++) {
    const wanted = steps[i]!
    while (at + 1 < step.length && Math.abs(step[at + 1]! - wanted) <= Math.abs(step[at]! - wanted)) at += 1
    if (at < step.length && Math.abs(step[at]! - wanted) <= reach) result[i] = values[at]!
  }
  return result
}

/** A series with the places of another one and values of its own. */
export function withValues(
  places: DrawnSeries,
  values: ArrayLike<number>,
  more: Partial<Pick<SeriesColumns, 'min' | 'max' | 'runs'>> = {},
): DrawnSeries {
  const { step, epoch, wallTime, activeTime } = places.columns
  return {
    columns: { step, epoch, wallTime, activeTime, last: values, min: values, max: values, ...more },
    length: places.length,
    total: places.total,
    bucket: places.bucket,
    firstNonFinite: null,
  }
}

/** The series with the fewest points: at its places the others have values too. */
export function coarsest(all: readonly DrawnSeries[]): DrawnSeries {
  return all.reduce((a, b) => (b.length < a.length ? b : a))
}

/** The series that reaches the furthest; of several the one with the fewest points. */
export function furthest(all: readonly DrawnSeries[]): DrawnSeries {
  const end = ({ columns, length }: DrawnSeries): number => columns.step[length - 1] ?? -1
  return all.reduce((a, b) => (end(b) > end(a) || (end(b) === end(a) && b.length < a.length) ? b : a))
}
