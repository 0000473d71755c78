import type { DrawnSeries, PlacedSeries, SeriesColumns } from '../columns.ts'
import type { AxisKind } from '../places.ts'

/** The mean distance of the points; 0 of a single one. */
function spacingOf(places: ArrayLike<number>): number {
  return places.length < 2 ? 0 : (places[places.length - 1]! - places[0]!) / (places.length - 1)
}

/**
 * How far from a wanted place a value may be taken: half the mean distance of the points, so that every step between
 * the first and the last finds one and a step beyond them does not.
 */
function reachOf(places: ArrayLike<number>): number {
  return 0.51 * spacingOf(places)
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

/** The indices of the points that two series have at the same step, pair by pair. */
export function equalSteps(a: ArrayLike<number>, b: ArrayLike<number>): (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = []
  let other = 0
  for (let index = 0; index < a.length; index++) {
    while (other < b.length && b[other]! < a[index]!) other += 1
    if (b[other] === a[index]) pairs.push([index, other])
  }
  return pairs
}

/** Some points of a series, by their indices. */
export function pointsAt(series: DrawnSeries, indices: readonly number[]): DrawnSeries {
  const { step, epoch, wallTime, activeTime, last, min, max } = series.columns
  const picked = (column: ArrayLike<number>): Float64Array => Float64Array.from(indices, (index) => column[index]!)
  return {
    columns: {
      step: picked(step),
      epoch: picked(epoch),
      wallTime: picked(wallTime),
      activeTime: picked(activeTime),
      last: picked(last),
      min: picked(min),
      max: picked(max),
    },
    length: indices.length,
    total: series.total,
    bucket: series.bucket,
    firstNonFinite: series.firstNonFinite,
  }
}

/** The series with the fewest points: at its places the others have values too. */
export function coarsest(all: readonly DrawnSeries[]): DrawnSeries {
  return all.reduce((a, b) => (b.length < a.length ? b : a))
}

/**
 * Where a line that is drawn through the points is at other places, which rise as the points do: on the straight line
 * between two of them. NaN beyond its ends, unless a place is nearer than half the mean distance of the points.
 */
export function lineAt({ places }: PlacedSeries, values: ArrayLike<number>, wanted: ArrayLike<number>): Float64Array {
  const reach = reachOf(places)
  const end = places.length - 1
  const result = new Float64Array(wanted.length).fill(NaN)
  let at = 0
  for (let i = 0; i < wanted.length; i++) {
    const place = wanted[i]!
    while (at < end && places[at + 1]! <= place) at += 1
    const [left, right] = [places[at]!, places[at + 1]!]
    const outside = place < left || at === end
    if (outside ? Math.abs(place - left) <= reach : place === left) result[i] = values[at]!
    else if (!outside) result[i] = values[at]! + ((values[at + 1]! - values[at]!) * (place - left)) / (right - left)
  }
  return result
}

/** More places than this are thinned: a chart has no more pixels. */
const mostPlaces = 2_000

interface Point extends PlacedSeries {
  readonly index: number
}

/** The last point of any series in each of some equal stretches of the axis, as far as there is one. */
function pointsOfAll(all: readonly PlacedSeries[]): Point[] {
  const first = Math.min(...all.map(({ places }) => places[0]!))
  const span = Math.max(...all.map(({ places }) => places[places.length - 1]!)) - first
  const spacing = Math.min(...all.map(({ places }) => spacingOf(places) || Infinity))
  const slots = Math.max(1, Math.min(mostPlaces, Math.round(span / spacing) + 1 || 1))
  const chosen: (Point | undefined)[] = new Array(slots)
  for (const one of all) {
    for (let index = 0; index < one.series.length; index++) {
      const place = one.places[index]!
      const slot = span === 0 ? 0 : Math.min(slots - 1, Math.floor(((place - first) / span) * slots))
      const before = chosen[slot]
      if (!before || before.places[before.index]! < place) chosen[slot] = { ...one, index }
    }
  }
  return chosen.filter((point) => point !== undefined)
}

/** The largest value so far: runs take turns in giving points, and one of them need not be as far as the other. */
function rising(values: Float64Array): Float64Array {
  for (let i = 1; i < values.length; i++) if (values[i]! < values[i - 1]!) values[i] = values[i - 1]!
  return values
}

/**
 * Places for some series together along an axis, from the first to the last place of any: as many as the densest of
 * them would have there, each the place of a point of one of them.
 */
export function placesOfAll(
  all: readonly PlacedSeries[],
  axis: AxisKind,
): DrawnSeries & Required<Pick<DrawnSeries, 'places'>> {
  const points = pointsOfAll(all)
  const column = (name: 'step' | 'epoch' | 'wallTime' | 'activeTime'): Float64Array =>
    rising(Float64Array.from(points, ({ series, index }) => series.columns[name][index]!))
  const values = Float64Array.from(points, ({ places, index }) => places[index]!)
  return {
    columns: {
      step: column('step'),
      epoch: column('epoch'),
      wallTime: column('wallTime'),
      activeTime: column('activeTime'),
      last: values,
      min: values,
      max: values,
    },
    length: points.length,
    total: points.length,
    bucket: Math.max(...all.map(({ series }) => series.bucket)),
    firstNonFinite: null,
    places: { axis, values },
  }
}
