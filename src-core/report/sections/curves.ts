import type { DrawnSeries } from '../../domain/statistics/drawn-series.ts'
import { formatInteger } from '../format.ts'
import { metricText, metricWords } from '../metric-words.ts'
import { referenceLabel } from '../../domain/references/drawn-references.ts'
import { thinned } from '../charts/thinned.ts'
import { figure, table, type Cell, type Chart, type ChartLine, type Part, type RunLook } from '../report-document.ts'
import { seriesOf, type ReportContent } from '../report-content.ts'
import { runCell } from './summary.ts'

/** Fewer values than this are shown as they are: there is nothing to smooth. */
const fewestSmoothed = 60
/** Rows of the table behind a chart. */
const mostRows = 16
/** Columns of that table. */
const mostColumns = 6
/** Points of one imported curve: more are not told apart on paper. */
const mostReferencePoints = 1600

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

/** The imported curves of a metric that can be drawn over steps, with their looks and names. */
function referencesOf({ references }: ReportContent, metric: string) {
  const own = references.filter((one) => one.metric === metric)
  return own.map((one, index) => ({
    ...one,
    label: referenceLabel(one, own),
    step: one.file.step,
    look: { color: 'neutral', dash: 1 + (index % 3) } satisfies RunLook,
  }))
}

function referenceLinesOf(content: ReportContent, metric: string): ChartLine[] {
  const { factor } = metricWords(metric)
  return referencesOf(content, metric).flatMap(({ label, look, step, values }): ChartLine[] => {
    if (!step) return []
    const { x, y } = thinned(step, values, mostReferencePoints)
    return [{ label, look, x, y: scaled(y, factor), style: values.length < fewestSmoothed ? 'marked' : 'smooth' }]
  })
}

/** Which lines come from imported files, and which of those have no place on an axis of steps. */
function referenceCaption(content: ReportContent, metric: string): string {
  const quoted = (shown: boolean): string =>
    referencesOf(content, metric)
      .filter(({ step }) => (step !== null) === shown)
      .map(({ label }) => `“${label}”`)
      .join(', ')
  const [drawn, left] = [quoted(true), quoted(false)]
  return (
    (drawn === '' ? '' : ` Grey, from imported files: ${drawn}.`) +
    (left === '' ? '' : ` Not drawn, because the file has epochs and no steps: ${left}.`)
  )
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
function valueAt(step: ArrayLike<number>, last: ArrayLike<number>, at: number): number | null {
  let found = -1
  for (let i = 0; i < step.length && step[i]! <= at; i++) found = i
  return found < 0 ? null : last[found]!
}

interface NumberColumn {
  readonly head: Cell
  readonly at: (step: number) => number | null
}

/** A column for each run that has the metric, and for each imported curve. */
function numberColumns(content: ReportContent, metric: string): NumberColumn[] {
  const runs = content.runs.flatMap(({ id }, index): NumberColumn[] => {
    const columns = seriesOf(content, id, metric)?.columns
    return columns ? [{ head: runCell(content, index), at: (step) => valueAt(columns.step, columns.last, step) }] : []
  })
  const references = referencesOf(content, metric).flatMap(({ label, look, step: places, values }): NumberColumn[] =>
    places ? [{ head: { text: label, run: look }, at: (step) => valueAt(places, values, step) }] : [],
  )
  return [...runs, ...references]
}

/** The numbers behind a chart, in tables of as many columns as fit beside each other. */
function numbers(content: ReportContent, metric: string, found: readonly DrawnSeries[]): Part {
  const steps = tableSteps(found)
  const { title } = metricWords(metric)
  const columns = numberColumns(content, metric)
  const tables = Array.from({ length: Math.ceil(columns.length / mostColumns) }, (_, part) => {
    const shown = columns.slice(part * mostColumns, (part + 1) * mostColumns)
    const head = [figure('Step'), ...shown.map(({ head }) => ({ ...head, number: true as const }))]
    const rows = steps.map((step) => [
      figure(formatInteger(step)),
      ...shown.map(({ at }) => figure(metricText(metric, at(step)))),
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
      caption: captionOf(found, content.smoothing) + referenceCaption(content, metric),
      xTitle: 'step',
      yTitle: unit === '' ? title : unit,
      lines: [...linesOf(content, metric), ...referenceLinesOf(content, metric)],
    }
    return [{ kind: 'chart', chart }, numbers(content, metric, found)]
  })
}
