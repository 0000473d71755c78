import type { ComparedFactor } from '../../../src-core/domain/grid/factors.ts'

/** Something that runs can be placed by: a factor with its levels, or a metric. */
export interface Dimension {
  readonly id: string
  readonly title: string
  /** Names of the levels of a factor that is not numeric, by number; null for numbers. */
  readonly levels: readonly string[] | null
  /** Of each run; a level's number where there are levels. null where the run has none. */
  readonly values: readonly (number | null)[]
  readonly format: (value: number) => string
}

const metricPrefix = 'metric:'

export function metricDimension(metric: string): string {
  return metricPrefix + metric
}

/** The metric of a dimension's id; null for a factor. */
export function metricOf(id: string): string | null {
  return id.startsWith(metricPrefix) ? id.slice(metricPrefix.length) : null
}

export function factorDimension(
  factor: ComparedFactor,
  title: string,
  levels: readonly number[],
  format: (value: number) => string,
): Dimension {
  const values = levels.map((level) => (factor.numeric ? factor.levels[level]!.number : level))
  return { id: factor.id, title, levels: factor.numeric ? null : factor.levels.map(({ name }) => name), values, format }
}

/** Where values of a dimension stand between 0 (bottom) and 1 (top). */
export interface AxisScale {
  readonly logarithmic: boolean
  readonly ticks: readonly { readonly at: number; readonly value: number; readonly text: string }[]
  /** null where the value cannot be placed: not finite, or not above 0 on a logarithmic axis. */
  readonly place: (value: number | null) => number | null
}

function finiteOf(values: readonly (number | null)[]): number[] {
  return values.filter((value): value is number => value !== null && Number.isFinite(value))
}

/** Whether a logarithmic axis can show all values. */
export function canBeLogarithmic({ levels, values }: Pick<Dimension, 'levels' | 'values'>): boolean {
  const finite = finiteOf(values)
  return levels === null && finite.length > 0 && finite.every((value) => value > 0)
}

/** A scale over all values of a dimension; levels are evenly apart. */
export function axisScale(dimension: Dimension, logarithmic: boolean): AxisScale {
  const { levels, values, format } = dimension
  if (levels) return levelScale(levels)
  const finite = finiteOf(values)
  const useLog = logarithmic && canBeLogarithmic(dimension)
  const turn = (value: number): number => (useLog ? Math.log(value) : value)
  const low = Math.min(...finite)
  const high = Math.max(...finite)
  const span = turn(high) - turn(low)
  const place = (value: number | null): number | null => {
    if (value === null || !Number.isFinite(value) || finite.length === 0 || (useLog && value <= 0)) return null
    return span === 0 ? 0.5 : (turn(value) - turn(low)) / span
  }
  const distinct = [...new Set(finite)].sort((a, b) => a - b)
  const shown = distinct.length <= 6 ? distinct : spread(low, high, useLog)
  return {
    logarithmic: useLog,
    place,
    ticks: shown.map((value) => ({ value, at: place(value)!, text: format(value) })),
  }
}

function spread(low: number, high: number, logarithmic: boolean): number[] {
  return [0, 0.25, 0.5, 0.75, 1].map((share) =>
    logarithmic ? low * (high / low) ** share : low + (high - low) * share,
  )
}

function levelScale(levels: readonly string[]): AxisScale {
  const place = (value: number | null): number | null =>
    value === null ? null : levels.length === 1 ? 0.5 : value / (levels.length - 1)
  return {
    logarithmic: false,
    place,
    ticks: levels.map((text, value) => ({ value, at: place(value)!, text })),
  }
}

/** A stretch of an axis, 0 to 1, from below to above. */
export interface Brush {
  readonly from: number
  readonly to: number
}

/** Whether a run is in one of the brushes of an axis; all are where there is no brush. */
export function inBrushes(place: number | null, brushes: readonly Brush[]): boolean {
  if (brushes.length === 0) return true
  return place !== null && brushes.some(({ from, to }) => place >= from - 1e-9 && place <= to + 1e-9)
}

/** The axes with one of them moved to the place of another. */
export function withMoved(axes: readonly string[], id: string, place: number): string[] {
  const others = axes.filter((axis) => axis !== id)
  const at = Math.max(0, Math.min(others.length, place))
  return [...others.slice(0, at), id, ...others.slice(at)]
}

const step = 0.05

/**
 * What a key does to the brushes of an axis: Enter or Space sets one over the middle, the arrows move it, with Shift
 * they widen or narrow it, Delete clears. null for any other key.
 */
export function brushAfterKey(brushes: readonly Brush[], key: string, shift: boolean): readonly Brush[] | null {
  if (key === 'Delete' || key === 'Backspace') return []
  if (key === 'Enter' || key === ' ') return brushes.length === 0 ? [{ from: 0.5, to: 1 }] : []
  const direction = key === 'ArrowUp' ? step : key === 'ArrowDown' ? -step : null
  const last = brushes.at(-1)
  if (direction === null || !last) return null
  const moved = shift
    ? { from: last.from, to: Math.max(last.from + step, Math.min(1, last.to + direction)) }
    : shifted(last, direction)
  return [...brushes.slice(0, -1), moved]
}

function shifted({ from, to }: Brush, by: number): Brush {
  const kept = Math.max(-from, Math.min(1 - to, by))
  return { from: from + kept, to: to + kept }
}
