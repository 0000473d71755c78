import { higherIsBetter } from '../../../../src-core/domain/metrics.ts'
import { criticalT } from '../../../../src-core/domain/statistics/tests/distributions.ts'
import type { BandKind } from '../chart-settings.ts'
import type { DrawnSeries } from '../columns.ts'
import { coarsest, placesOfAll, valuesAt, withValues } from './aligned.ts'
import type { Expression } from './expression.ts'

/** A formula at the places of its metric with the fewest points; null while one of them has none. */
export function formulaSeries(
  expression: Expression,
  find: (metric: string) => DrawnSeries | null,
): DrawnSeries | null {
  const found = expression.metrics.map((metric) => ({ metric, series: find(metric) }))
  const all = found.flatMap(({ series }) => (series && series.length > 0 ? [series] : []))
  if (all.length < found.length) return null
  const places = coarsest(all)
  const columns = new Map(
    found.map(({ metric, series }) => [metric, valuesAt(series!, series!.columns.last, places.columns.step)]),
  )
  return withValues(places, expression.evaluate(columns, places.length))
}

/** One run of a group: its series, and its values as they are to be averaged. */
export interface GroupMember {
  readonly series: DrawnSeries
  readonly values: ArrayLike<number>
}

/** The mean of some runs at each place, with a band around it and the number of runs that have a value there. */
export function groupSeries(members: readonly GroupMember[], band: BandKind): DrawnSeries | null {
  const filled = members.filter(({ series }) => series.length > 0)
  if (filled.length === 0) return null
  const places = placesOfAll(filled.map(({ series }) => series))
  const columns = filled.map(({ series, values }) => valuesAt(series, values, places.columns.step))
  const [last, min, max, runs] = [0, 1, 2, 3].map(() => new Float64Array(places.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  for (let i = 0; i < places.length; i++) {
    const values = columns.map((column) => column[i]!).filter(Number.isFinite)
    const spread = spreadOf(values, band)
    last[i] = spread.mean
    min[i] = spread.low
    max[i] = spread.high
    runs[i] = values.length
  }
  const total = filled.reduce((sum, { series }) => sum + series.total, 0)
  return { ...withValues(places, last, { min, max, runs }), total }
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
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  if (band === 'range') return { mean, low: Math.min(...values), high: Math.max(...values) }
  if (n === 1 || band === 'none') return { mean, low: mean, high: mean }
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1))
  const factor = { deviation: 1, error: 1 / Math.sqrt(n), interval: studentsPoint(n - 1) / Math.sqrt(n) }[band]
  return { mean, low: mean - factor * deviation, high: mean + factor * deviation }
}

/** What a run has more than its twin at each step that both have logged; null when there is none. */
export function differenceSeries(run: DrawnSeries, base: DrawnSeries): DrawnSeries | null {
  if (run.length === 0 || base.length === 0) return null
  const places = coarsest([run, base])
  const [mine, theirs] = [run, base].map((series) => valuesAt(series, series.columns.last, places.columns.step))
  return withValues(
    places,
    mine!.map((value, index) => value - theirs![index]!),
  )
}

/** How far a run's best value so far is behind the best that any of the runs had reached by then; 0 for the leader. */
export function raceSeries(run: DrawnSeries, all: readonly DrawnSeries[], metric: string): DrawnSeries | null {
  if (run.length === 0) return null
  const sign = higherIsBetter(metric) ? 1 : -1
  const { step } = run.columns
  const own = reached(run, step, sign)
  const others = all.map((series) => reached(series, step, sign))
  return withValues(
    run,
    own.map((value, index) => others.reduce((best, other) => Math.max(best, other[index]!), value) - value),
  )
}

/** The best value (times `sign`) that a series had reached by each of some steps; -Infinity before its first. */
function reached({ columns, length }: DrawnSeries, steps: ArrayLike<number>, sign: number): Float64Array {
  const extremes = sign > 0 ? columns.max : columns.min
  const result = new Float64Array(steps.length)
  let best = -Infinity
  let at = 0
  for (let i = 0; i < steps.length; i++) {
    for (; at < length && columns.step[at]! <= steps[i]!; at++) {
      const value = extremes[at]! * sign
      if (value > best) best = value
    }
    result[i] = best
  }
  return result
}
