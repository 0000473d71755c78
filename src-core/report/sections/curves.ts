import type { DrawnSeries } from '../../domain/statistics/drawn-series.ts'
import { formatInteger } from '../format.ts'
import { metricText, metricWords } from '../metric-words.ts'
import { figure, table, type Chart, type ChartLine, type Part } from '../report-document.ts'
import { seriesOf, type ReportContent } from '../report-content.ts'
import { runCell } from './summary.ts'

/** Fewer values than this are shown as they are: there is nothing to smooth. */
const fewestSmoothed = 60
/** Rows of the table behind a chart. */
const mostRows = 16
/** Columns of that table. */
const mostColumns = 6

function scaled(values: ArrayLike<number>, factor: number): ArrayLike<number> {
  return factor === 1 ? values : Array.from(values, (value) => value * factor)
}

function linesOf(content: ReportContent, metric: string): ChartLine[] {
  const { factor } = metricWords(metric)
  return content.runs.flatMap((run, index): ChartLine[] => {
    const found = seriesOf(content, run.id, metric)
    if (!found || found.columns.step.length === 0) return []
    const line = { label: run.name, look: content.looks[index]!, x: found.columns.step }
    const raw = scaled(found.columns.last, factor)
    if (found.total < fewestSmoothed) return [{ ...line, y: raw, style: 'marked' }]
    const smoothed = scaled(found.columns.smoothed, factor)
    return [
      { ...line, y: raw, style: 'raw' },
      { ...line, y: smoothed, style: 'smooth' },
    ]
  })
}

function captionOf(found: readonly DrawnSeries[], smoothing: number): string {
  const drawn = found.reduce((sum, { columns }) => sum + columns.step.length, 0)
  const total = found.reduce((sum, one) => sum + one.total, 0)
  const points =
    drawn === total
      ? `All ${formatInteger(total)} logged values are drawn`
      : `${formatInteger(drawn)} of ${formatInteger(total)} logged values are drawn`
  const smoothed = found.some((one) => one.total >= fewestSmoothed)
  return smoothed
    ? `${points}; moving average with weight ${smoothing} over all of them, single values faint behind it.`
    : `${points}.`
}

/** The steps at which the table behind a chart has rows: evenly over the longest series. */
function tableSteps(found: readonly DrawnSeries[]): number[] {
  const longest = found.reduce((best, one) => (one.columns.step.length > best.columns.step.length ? one : best))
  const { step } = longest.columns
  const rows = Math.min(mostRows, step.length)
  return [
    ...new Set(
      Array.from({ length: rows }, (_, row) => step[Math.round((row * (step.length - 1)) / Math.max(1, rows - 1))]!),
    ),
  ]
}

/** The drawn value at or before a step; null before the first. */
function valueAt({ columns: { step, last } }: DrawnSeries, at: number): number | null {
  let found = -1
  for (let i = 0; i < step.length && step[i]! <= at; i++) found = i
  return found < 0 ? null : last[found]!
}

/** The numbers behind a chart, in tables of as many runs as fit beside each other. */
function numbers(content: ReportContent, metric: string, found: readonly DrawnSeries[]): Part {
  const steps = tableSteps(found)
  const { title } = metricWords(metric)
  const indices = content.runs.flatMap((run, index) => (seriesOf(content, run.id, metric) ? [index] : []))
  const tables = Array.from({ length: Math.ceil(indices.length / mostColumns) }, (_, part) => {
    const shown = indices.slice(part * mostColumns, (part + 1) * mostColumns)
    const head = [figure('Step'), ...shown.map((index) => ({ ...runCell(content, index), number: true as const }))]
    const rows = steps.map((step) => [
      figure(formatInteger(step)),
      ...shown.map((index) =>
        figure(metricText(metric, valueAt(seriesOf(content, content.runs[index]!.id, metric)!, step))),
      ),
    ])
    return table(title, head, rows)
  })
  return { kind: 'details', summary: `Numbers behind “${title}”`, parts: tables }
}

/** One chart per metric that any of the runs logged, each with a table of its numbers. */
export function curvesSection(content: ReportContent): Part[] {
  return content.metrics.flatMap((metric): Part[] => {
    const found = content.series.filter((one) => one.metric === metric && one.columns.step.length > 0)
    if (found.length === 0) return []
    const { title, unit } = metricWords(metric)
    const chart: Chart = {
      title,
      caption: captionOf(found, content.smoothing),
      xTitle: 'step',
      yTitle: unit === '' ? title : unit,
      lines: linesOf(content, metric),
    }
    return [{ kind: 'chart', chart }, numbers(content, metric, found)]
  })
}
