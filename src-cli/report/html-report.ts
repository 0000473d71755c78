import { metricNames, type Series } from '../../src-core/domain/metrics.ts'
import type { ExportRecord } from '../../src-core/domain/model-export.ts'
import type { Run } from '../../src-core/domain/run.ts'
import { smooth } from '../../src-core/domain/smoothing.ts'
import { differences } from '../../src-core/domain/spec/paths.ts'
import { formatDuration, formatInteger, formatNumber, formatPercent } from '../terminal/format.ts'
import { escapeHtml } from './escape.ts'
import { reportStyle } from './style.ts'
import { svgChart, type ChartLine } from './svg-chart.ts'

export interface ReportContent {
  readonly title: string
  readonly runs: readonly Run[]
  /** Train and validation loss and accuracy of every run. */
  readonly series: readonly Series[]
  readonly exports: readonly ExportRecord[]
  /** Milliseconds since 1970. */
  readonly writtenAt: number
}

/** Okabe and Ito's colours that stand out on white and on black alike; later runs are told apart by the table. */
const colors = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9']
const smoothingWeight = 0.9

function colorOf(index: number): string {
  return colors[index % colors.length]!
}

interface Cell {
  readonly html: string
  readonly number?: boolean
}

const text = (html: string): Cell => ({ html })
const figure = (html: string): Cell => ({ html, number: true })

function table(head: readonly Cell[], rows: readonly (readonly Cell[])[]): string {
  const cells = (tag: string, row: readonly Cell[]): string =>
    row.map(({ html, number }) => `<${tag}${number ? ' class="number"' : ''}>${html}</${tag}>`).join('')
  const body = rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('')
  return `<table><thead><tr>${cells('th', head)}</tr></thead><tbody>${body}</tbody></table>`
}

function swatch(index: number, run: Run): string {
  const square = `<svg class="swatch" viewBox="0 0 10 10"><rect width="10" height="10" fill="${colorOf(index)}"/></svg>`
  return `${square}${escapeHtml(run.name)}`
}

function resultsTable(runs: readonly Run[]): string {
  const head = [
    ...[
      text('Run'),
      text('State'),
      figure('Best validation accuracy, %'),
      figure('at epoch'),
      figure('Test accuracy, %'),
    ],
    ...[figure('Last validation loss'), figure('Training time'), figure('Parameters')],
  ]
  const rows = runs.map((run, index) => [
    text(swatch(index, run)),
    text(run.state),
    figure(formatPercent(run.best?.value)),
    figure(formatNumber(run.best?.epoch, 0)),
    figure(formatPercent(run.last[metricNames.testAccuracy])),
    figure(formatNumber(run.last[metricNames.validationLoss])),
    figure(formatDuration(run.activeTime)),
    figure(formatInteger(run.parameters)),
  ])
  return table(head, rows)
}

function differencesTable(runs: readonly Run[]): string {
  const code = (content: string): Cell => text(`<code>${escapeHtml(content)}</code>`)
  const rows = differences(runs.map((run) => run.spec)).map(({ path, values }) => [
    code(path),
    ...values.map((value) => code(JSON.stringify(value) ?? 'absent')),
  ])
  if (rows.length === 0) return '<p>The configurations are the same.</p>'
  return table([text('Field'), ...runs.map((run, index) => text(swatch(index, run)))], rows)
}

/** What a reader must know to repeat the runs. */
function settingsTable(runs: readonly Run[]): string {
  const head = [
    text('Run'),
    text('Data set'),
    ...['Training images', 'Epochs', 'Batch size', 'Learning rate', 'Momentum', 'Seed'].map(figure),
  ]
  const rows = runs.map(({ spec: { data, training } }, index) => [
    text(swatch(index, runs[index]!)),
    text(escapeHtml(data.dataset)),
    figure(data.trainImages === null ? 'all' : formatInteger(data.trainImages)),
    figure(training.steps === null ? String(training.epochs) : `${formatInteger(training.steps)} steps`),
    ...[training.batchSize, training.learningRate, training.momentum, training.seed].map((value) =>
      figure(String(value)),
    ),
  ])
  return table(head, rows)
}

function linesOf(content: ReportContent, trainMetric: string, validationMetric: string): ChartLine[] {
  return content.runs.flatMap((run, index) => {
    const pointsOf = (metric: string): { x: number; y: number }[] => {
      const series = content.series.find((one) => one.runId === run.id && one.metric === metric)
      return series?.points.map((point) => ({ x: point.step, y: point.last })) ?? []
    }
    const train = pointsOf(trainMetric)
    const smoothed = smooth(
      train.map(({ y }) => y),
      smoothingWeight,
    )
    const color = colorOf(index)
    return [
      { label: `${run.name}, training`, color, points: train, style: 'raw' },
      {
        label: `${run.name}, training, smoothed`,
        color,
        points: train.map(({ x }, at) => ({ x, y: smoothed[at]! })),
        style: 'smooth',
      },
      { label: `${run.name}, validation`, color, points: pointsOf(validationMetric), style: 'dots' },
    ]
  })
}

function charts(content: ReportContent): string {
  const loss = linesOf(content, metricNames.trainLoss, metricNames.validationLoss)
  const accuracy = linesOf(content, metricNames.trainAccuracy, metricNames.validationAccuracy)
  return `
<figure><figcaption>Loss (cross-entropy)</figcaption>${svgChart({ title: 'Loss', xTitle: 'step', yTitle: 'loss', lines: loss })}</figure>
<figure><figcaption>Accuracy</figcaption>${svgChart({ title: 'Accuracy', xTitle: 'step', yTitle: 'accuracy', lines: accuracy })}</figure>
<p>Faint lines are single training batches, full lines their moving average (weight ${smoothingWeight}), dots and dashes the validation images after each epoch; colours as in the table above.</p>`
}

function exportsTable(content: ReportContent): string {
  if (content.exports.length === 0) return ''
  const nameOf = (runId: string): string => content.runs.find((run) => run.id === runId)?.name ?? runId
  const rows = content.exports.map(({ runId, directory, check }) => [
    text(escapeHtml(nameOf(runId))),
    text(`<code>${escapeHtml(directory)}</code>`),
    figure(formatInteger(check.images)),
    figure(check.maxAbsDiff === 0 ? '0' : check.maxAbsDiff.toExponential(1)),
    figure(formatPercent(check.top1Agreement)),
  ])
  const head = [
    text('Run'),
    text('Folder'),
    figure('Images compared'),
    figure('Largest difference'),
    figure('Same class, %'),
  ]
  return `<h2>Exported models</h2>${table(head, rows)}
<p>Each export was loaded back with TensorFlow.js's own layers; the difference is that of any class probability.</p>`
}

function environmentLine(runs: readonly Run[]): string {
  const environment = runs.find((run) => run.environment)?.environment
  if (!environment) return ''
  const { ablate, tensorflow, device, deviceName, threads } = environment
  return `Ablate ${ablate}, TensorFlow ${tensorflow} on ${device} (${deviceName}), ${threads} threads.`
}

/** One HTML page that needs nothing but itself: no script, no font, no network. */
export function renderReport(content: ReportContent): string {
  const title = escapeHtml(content.title)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${reportStyle}</style>
</head>
<body>
<h1>${title}</h1>
<p>${new Date(content.writtenAt).toISOString().slice(0, 16).replace('T', ' ')} UTC. ${escapeHtml(environmentLine(content.runs))}</p>
<h2>Results</h2>${resultsTable(content.runs)}
<p>One run per variant cannot tell whether a small difference is real: repeat with other seeds.</p>
<h2>Curves</h2>${charts(content)}
<h2>What differs in the configuration</h2>${differencesTable(content.runs)}
<h2>Data and training</h2>${settingsTable(content.runs)}
${exportsTable(content)}
</body>
</html>
`
}
