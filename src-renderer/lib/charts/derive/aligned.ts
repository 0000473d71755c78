import type { DrawnSeries, SeriesColumns } from '../columns.ts'

/**
 * How far from a wanted step a value may be taken: half the mean distance of the points, so that every step between
 * the first and the last finds one and a step beyond them does not.
 */
function reachOf(step: ArrayLike<number>): number {
  return step.length < 2 ? 0 : (0.51 * (step[step.length - 1]! - step[0]!)) / (step.length - 1)
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

/** More places than this are thinned: a chart has no more pixels. */
const mostPlaces = 2_000

/**
 * Places for some series together, from the first to the last step of any: as many as the longest has points, each the
 * newest point of any of them in its stretch of steps.
 */
export function placesOfAll(all: readonly DrawnSeries[]): DrawnSeries {
  const ends = all.map(({ columns: { step }, length }) => ({ first: step[0]!, last: step[length - 1]! }))
  const first = Math.min(...ends.map((end) => end.first))
  const span = Math.max(...ends.map((end) => end.last)) - first
  const spacing = Math.min(...all.map(({ columns: { step } }) => reachOf(step) || Infinity)) * 2
  const slots = Math.max(1, Math.min(mostPlaces, Math.round(span / spacing) + 1 || 1))
  const chosen: ({ readonly series: DrawnSeries; readonly index: number } | undefined)[] = new Array(slots)
  for (const series of all) {
    const { step } = series.columns
    for (let i = 0; i < series.length; i++) {
      const slot = span === 0 ? 0 : Math.min(slots - 1, Math.floor(((step[i]! - first) / span) * slots))
      const before = chosen[slot]
      if (!before || before.series.columns.step[before.index]! < step[i]!) chosen[slot] = { series, index: i }
    }
  }
  const points = chosen.filter((point) => point !== undefined)
  const column = (name: 'step' | 'epoch' | 'wallTime' | 'activeTime'): Float64Array =>
    Float64Array.from(points, ({ series, index }) => series.columns[name][index]!)
  const step = column('step')
  return {
    columns: {
      step,
      epoch: column('epoch'),
      wallTime: column('wallTime'),
      activeTime: column('activeTime'),
      last: step,
      min: step,
      max: step,
    },
    length: step.length,
    total: step.length,
    bucket: Math.max(...all.map(({ bucket }) => bucket)),
    firstNonFinite: null,
  }
}
