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
import type { StepMark } from '../../lib/run/phases.ts'
import type { ChartLine, ChartMark, DrawnLine } from './chart-model.ts'

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

function smoothingOf(line: ChartLine, { smoothing }: DrawOptions): number {
  return line.sparse || line.exact ? 0 : smoothing
}

/** Prepares one line for the canvas: smoothed by its own weight, in its run's colour and dash. */
export function drawnLine(line: ChartLine, series: LiveSeries, options: DrawOptions): DrawnLine {
  const smoothing = smoothingOf(line, options)
  const { raw, smoothed } = prepareLine(series, options.axis, { smoothing, origin: line.origin })
  const last = lastFinite(smoothed.map(({ y }) => y))
  return {
    runId: line.runId,
    color: lineColor(line, options.theme),
    dash: line.color === 'ink' ? [] : runDash(line.color),
    sparse: line.sparse && smoothed.length <= 60,
    faint: options.emphasis !== null && options.emphasis !== line.runId,
    raw: line.sparse || line.exact ? [] : raw,
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
  if (line.stage && Number.isFinite(x) && (x < xs[0]! || x > xs.at(-1)!)) return null
  const { step, epoch, last } = series.columns
  const smoothed = smoothedValues(series, smoothingOf(line, options))[index]!
  return { line, x: xs[index]!, step: step[index]!, epoch: epoch[index]!, value: last[index]!, smoothed }
}

/**
 * Places of steps on the axis: by the drawn point nearest to the step, because only the points know their epochs and
 * times. Steps beyond the drawn points have no place yet.
 */
export function marksOnAxis(
  marks: readonly StepMark[],
  drawn: readonly { readonly line: ChartLine; readonly series: LiveSeries }[],
  axis: AxisKind,
): ChartMark[] {
  if (axis === 'step') return marks.map(({ step, label }) => ({ x: step, label }))
  return marks.flatMap(({ step, label }) => {
    const places = drawn.flatMap(({ line, series }) => {
      const index = nearestIndex(series.columns.step, step)
      return index < 0
        ? []
        : [
            {
              away: Math.abs(series.columns.step[index]! - step),
              x: xValues(series, axis, line.origin)[index]!,
              bucket: series.bucket,
            },
          ]
    })
    const [nearest] = places.sort((a, b) => a.away - b.away)
    return nearest && nearest.away <= Math.max(2, nearest.bucket) ? [{ x: nearest.x, label }] : []
  })
}
