import { formatMetric } from '../../lib/format.ts'
import {
  lastFinite,
  nearestIndex,
  prepareLine,
  smoothedValues,
  xValues,
  type AxisKind,
} from '../../lib/charts/chart-series.ts'
import type { LiveSeries } from '../../lib/charts/live-series.ts'
import { runColor, runDash, type Theme } from '../../lib/charts/run-colors.ts'
import type { ChartLine, DrawnLine } from './chart-model.ts'

export interface DrawOptions {
  readonly axis: AxisKind
  readonly smoothing: number
  readonly theme: Theme
  readonly emphasis: string | null
}

const inkColor: Record<Theme, string> = { light: '#3b3e45', dark: '#d2d4d9' }

export function lineColor(line: ChartLine, theme: Theme): string {
  return line.color === 'ink' ? inkColor[theme] : runColor(line.color, theme)
}

/** Prepares one line for the canvas: smoothed by its own weight, in its run's colour and dash. */
export function drawnLine(line: ChartLine, series: LiveSeries, options: DrawOptions): DrawnLine {
  const smoothing = line.sparse ? 0 : options.smoothing
  const { raw, smoothed } = prepareLine(series, options.axis, { smoothing, origin: line.origin })
  const last = lastFinite(smoothed.map(({ y }) => y))
  return {
    runId: line.runId,
    color: lineColor(line, options.theme),
    dash: line.color === 'ink' ? [] : runDash(line.color),
    sparse: line.sparse && smoothed.length <= 60,
    faint: options.emphasis !== null && options.emphasis !== line.runId,
    raw: line.sparse ? [] : raw,
    smoothed,
    endLabel: last ? formatMetric(line.metric, last.value) : '',
  }
}

/** What the table beside the rule says of one line. */
export interface HoveredValue {
  readonly line: ChartLine
  readonly x: number
  readonly step: number
  readonly epoch: number
  readonly value: number
  readonly smoothed: number
}

export function hoveredValue(
  line: ChartLine,
  series: LiveSeries,
  options: DrawOptions,
  x: number,
): HoveredValue | null {
  const xs = xValues(series, options.axis, line.origin)
  const index = nearestIndex(xs, x)
  if (index < 0) return null
  const { step, epoch, last } = series.columns
  const smoothed = smoothedValues(series, line.sparse ? 0 : options.smoothing)[index]!
  return { line, x: xs[index]!, step: step[index]!, epoch: epoch[index]!, value: last[index]!, smoothed }
}
