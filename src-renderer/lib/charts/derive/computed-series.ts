import { higherIsBetter } from '../../../../src-core/domain/metrics.ts'
import { meanOf, varianceOf } from '../../../../src-core/domain/statistics/spread.ts'
import { criticalT } from '../../../../src-core/domain/statistics/tests/distributions.ts'
import type { Bounds } from '../axis.ts'
import type { BandKind } from '../chart-settings.ts'
import type { DrawnSeries, PlacedSeries } from '../columns.ts'
import type { AxisKind } from '../places.ts'
import { coarsest, equalSteps, lineAt, placesOfAll, pointsAt, valuesAt, withValues } from './aligned.ts'
import type { Expression, Reading } from './expression.ts'

/** A formula at the places of its metric with the fewest points; null while one of them has none. */
export function formulaSeries(
  expression: Expression,
  find: (metric: string) => DrawnSeries | null,
): DrawnSeries | null {
  const all = expression.metrics.flatMap((metric) => find(metric) ?? []).filter(({ length }) => length > 0)
  if (all.length < expression.metrics.length) return null
  const places = coarsest(all)
  const steps = places.columns.step
  const values = (metric: string, reading: Reading): ArrayLike<number> => {
    const series = find(metric)!
    if (reading === 'last') return valuesAt(series, series.columns.last, steps)
    const sign = reading === 'max' ? 1 : -1
    return reached({ series, places: series.columns.step }, steps, sign).map((value) =>
      value === -Infinity ? NaN : value * sign,
    )
  }
  return withValues(places, expression.evaluate(values, places.length))
}

/** One run of a group: its series along the axis, and its values as they are to be averaged. */
export interface GroupMember extends PlacedSeries {
  readonly values: ArrayLike<number>
}

/**
 * The mean of some runs at each place of the axis along which they are drawn, with a band around it and the number of
 * runs that have a value there.
 * @param limits what the values can be: an interval of few runs reaches beyond them, where no run can ever be.
 */
export function groupSeries(
  members: readonly GroupMember[],
  band: BandKind,
  axis: AxisKind,
  limits: Bounds = { min: -Infinity, max: Infinity },
): DrawnSeries | null {
  const filled = members.filter(({ series }) => series.length > 0)
  if (filled.length === 0) return null
  const together = placesOfAll(filled, axis)
  const columns = filled.map((member) => lineAt(member, member.values, together.places.values))
  const [last, min, max, runs] = [0, 1, 2, 3].map(() => new Float64Array(together.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  for (let i = 0; i < together.length; i++) {
    const values = columns.map((column) => column[i]!).filter(Number.isFinite)
    const spread = spreadOf(values, band)
    last[i] = spread.mean
    min[i] = Math.max(limits.min, spread.low)
    max[i] = Math.min(limits.max, spread.high)
    runs[i] = values.length
  }
  const total = filled.reduce((sum, { series }) => sum + series.total, 0)
  return { ...together, ...withValues(together, last, { min, max, runs }), total }
}

interface Spread {
  readonly mean: number
  readonly low: number
  readonly high: number
}

const studentsPoints = new Map<number, number>()

/** `criticalT`, worked out once for each number of runs: a band asks at every one of its places. */
function studentsPoint(degreesOfFreedom: number): number {
  const known = studentsPoints.get(degreesOfFreedom) ?? criticalT(degreesOfFreedom)
  studentsPoints.set(degreesOfFreedom, known)
  return known
}

/** Mean and ends of a band; the standard deviation is that of a sample (n - 1). One value has no spread. */
export function spreadOf(values: readonly number[], band: BandKind): Spread {
  const n = values.length
  if (n === 0) return { mean: NaN, low: NaN, high: NaN }
  const mean = meanOf(values)
  if (band === 'range') return { mean, low: Math.min(...values), high: Math.max(...values) }
  if (n === 1 || band === 'none') return { mean, low: mean, high: mean }
  const deviation = Math.sqrt(varianceOf(values))
  const factor = { deviation: 1, error: 1 / Math.sqrt(n), interval: studentsPoint(n - 1) / Math.sqrt(n) }[band]
  return { mean, low: mean - factor * deviation, high: mean + factor * deviation }
}

/**
 * What a run has more than its twin at each step that both have drawn a value of; null when there is none. Equal steps
 * alone: the noise of the batches falls out only where both have seen the same images.
 */
export function differenceSeries(run: DrawnSeries, base: DrawnSeries): DrawnSeries | null {
  const pairs = equalSteps(run.columns.step, base.columns.step)
  if (pairs.length === 0) return null
  const places = pointsAt(
    run,
    pairs.map(([index]) => index),
  )
  return withValues(
    places,
    pairs.map(([mine, theirs]) => run.columns.last[mine]! - base.columns.last[theirs]!),
  )
}

/**
 * How far a run's best value so far is behind the best that any of the runs had reached at the same place of the axis
 * along which they race; 0 for the leader.
 */
export function raceSeries(run: PlacedSeries, all: readonly PlacedSeries[], metric: string): DrawnSeries | null {
  if (run.series.length === 0) return null
  const sign = higherIsBetter(metric) ? 1 : -1
  const own = reached(run, run.places, sign)
  const others = all.map((one) => reached(one, run.places, sign))
  return withValues(
    run.series,
    own.map((value, index) => others.reduce((best, other) => Math.max(best, other[index]!), value) - value),
  )
}

/** The best value (times `sign`) that a series had reached at each of some places; -Infinity before its first. */
function reached({ series, places }: PlacedSeries, wanted: ArrayLike<number>, sign: number): Float64Array {
  const extremes = sign > 0 ? series.columns.max : series.columns.min
  const result = new Float64Array(wanted.length)
  let best = -Infinity
  let at = 0
  for (let i = 0; i < wanted.length; i++) {
    for (; at < series.length && places[at]! <= wanted[i]!; at++) {
      const value = extremes[at]! * sign
      if (value > best) best = value
    }
    result[i] = best
  }
  return result
}
