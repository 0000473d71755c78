import { noSmoothing, type Smoothing } from '../../../src-core/domain/statistics/series-smoothing.ts'
import { formatMetric } from '../../lib/format.ts'
import { lastFiniteIndex, nearestIndex, type DrawnSeries } from '../../lib/charts/columns.ts'
import { nearestPlace, placeAt, placesOf, type AxisKind } from '../../lib/charts/places.ts'
import { dashPattern, runColor, runDash, type Theme } from '../../lib/charts/run-colors.ts'
import { smoothedValues } from '../../lib/charts/smoothing.ts'
import type { StepMark } from '../../lib/run/phases.ts'
import type { ChartLine, ChartMark, DrawnLine } from './chart-model.ts'

export interface DrawOptions {
  readonly axis: AxisKind
  readonly smoothing: Smoothing
  /** Whether the raw values are drawn faintly behind the smoothed line. */
  readonly raw: boolean
  readonly theme: Theme
  readonly emphasis: string | null
}

/** A line with what it is drawn from. */
export interface FoundLine {
  readonly line: ChartLine
  readonly series: DrawnSeries
}

/** The lines of runs. */
export function ownLines<Item extends { readonly line: ChartLine }>(items: readonly Item[]): Item[] {
  return items.filter(({ line }) => !line.reference)
}

/** The line with the most points, of a run as long as there is one: a reference may not know its steps. */
export function fullestLine(found: readonly FoundLine[]): FoundLine | null {
  const own = ownLines(found)
  const lines = own.length > 0 ? own : found
  return lines.reduce<FoundLine | null>((a, b) => (a && a.series.length >= b.series.length ? a : b), null)
}

const inkColor: Record<Theme, string> = { light: '#3b3e45', dark: '#d2d4d9' }
const neutralColor: Record<Theme, string> = { light: '#6b7078', dark: '#9a9fa8' }
const neutralDash = [4, 4]
/** More lines than this with their raw values behind are one grey field: then only the emphasised one has them. */
const mostRawLines = 24

export function lineColor(line: Pick<ChartLine, 'color'>, theme: Theme): string {
  if (line.color === 'ink') return inkColor[theme]
  return line.color === 'neutral' ? neutralColor[theme] : runColor(line.color, theme)
}

export function lineDash({ color, dash }: Pick<ChartLine, 'color' | 'dash'>): readonly number[] {
  if (dash !== undefined) return dashPattern(dash)
  if (color === 'neutral') return neutralDash
  return color === 'ink' ? [] : runDash(color)
}

function smoothingOf(line: ChartLine, { smoothing }: DrawOptions): Smoothing {
  return line.sparse || line.exact ? noSmoothing : smoothing
}

function isMember({ runId, members }: ChartLine, emphasis: string): boolean {
  return runId === emphasis || members?.includes(emphasis) === true
}

/** Prepares one line for the canvas: its places and values, in its run's colour and dash. */
export function drawnLine({ line, series }: FoundLine, options: DrawOptions, count = 1): DrawnLine {
  const smoothing = smoothingOf(line, options)
  const smoothed = smoothedValues(series, smoothing)
  const last = lastFiniteIndex(smoothed)
  const emphasised = options.emphasis !== null && isMember(line, options.emphasis)
  const sameAsLine = smoothing.kind === 'none' && series.bucket === 1
  const withRaw = options.raw && !line.sparse && !line.exact && !sameAsLine && (count <= mostRawLines || emphasised)
  return {
    runId: line.runId,
    label: line.label,
    stands: line.stands ?? null,
    color: lineColor(line, options.theme),
    dash: lineDash(line),
    sparse: line.sparse && series.length <= 60,
    faint: options.emphasis !== null && !emphasised,
    strong: emphasised,
    places: placesOf(series, options.axis, line),
    smoothed,
    span: line.band || withRaw ? { min: series.columns.min, max: series.columns.max } : null,
    band: line.band === true,
    aside: 0,
    endLabel: last >= 0 ? formatMetric(line.metric, smoothed[last]) : '',
  }
}

/** Pixels between whiskers at one place. */
const whiskerRoom = 9

/** Bands of a single point are whiskers: they would hide each other, so they stand side by side, the last at its place. */
export function sideBySide(lines: readonly DrawnLine[]): DrawnLine[] {
  const whiskers = lines.filter(({ band, smoothed }) => band && smoothed.length === 1)
  return lines.map((line) => {
    const index = whiskers.indexOf(line)
    return index < 0 ? line : { ...line, aside: (index + 1 - whiskers.length) * whiskerRoom }
  })
}

/** What the table beside the rule says of one line. */
export interface HoveredValue {
  readonly line: ChartLine
  readonly x: number
  readonly step: number
  readonly epoch: number
  /** Milliseconds of training. */
  readonly time: number
  readonly value: number
  readonly smoothed: number
  /** Of a band: its ends, and how many runs it is made of. */
  readonly band: { readonly low: number; readonly high: number; readonly runs: number } | null
}

/** The value at the place nearest to `x`; null where the line has none. */
export function hoveredValue({ line, series }: FoundLine, options: DrawOptions, x: number): HoveredValue | null {
  const places = placesOf(series, options.axis, line)
  const index = nearestPlace(places, x)
  if (index < 0) return null
  if (line.stage && Number.isFinite(x) && (x < placeAt(places, 0) || x > placeAt(places, series.length - 1)))
    return null
  const { step, epoch, activeTime, last, min, max, runs } = series.columns
  return {
    line,
    x: placeAt(places, index),
    step: step[index]!,
    epoch: epoch[index]!,
    time: activeTime[index]!,
    value: last[index]!,
    smoothed: smoothedValues(series, smoothingOf(line, options))[index]!,
    band: line.band ? { low: min[index]!, high: max[index]!, runs: runs?.[index] ?? 0 } : null,
  }
}

/**
 * Places of steps on the axis: by the drawn point nearest to the step, because only the points know their epochs and
 * times. Steps beyond the drawn points have no place yet.
 */
export function marksOnAxis(marks: readonly StepMark[], drawn: readonly FoundLine[], axis: AxisKind): ChartMark[] {
  if (axis === 'step') return marks.map(({ step, label }) => ({ x: step, label }))
  return marks.flatMap(({ step, label }) => {
    const places = ownLines(drawn).flatMap(({ line, series }) => {
      const index = nearestIndex(series.columns.step, step)
      if (index < 0) return []
      const away = Math.abs(series.columns.step[index]! - step)
      return [{ away, x: placeAt(placesOf(series, axis, line), index), bucket: series.bucket }]
    })
    const [nearest] = places.sort((a, b) => a.away - b.away)
    return nearest && nearest.away <= Math.max(2, nearest.bucket) ? [{ x: nearest.x, label }] : []
  })
}
