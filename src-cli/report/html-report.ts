import { metricNames, type Series } from '../../src-core/domain/metrics.ts'
import type { ExportRecord } from '../../src-core/domain/model-export.ts'
import type { Run } from '../../src-core/domain/run.ts'
import { differences } from '../../src-core/domain/spec/paths.ts'
import type { Evaluation } from '../evaluation.ts'
import { formatDuration, formatInteger, formatNumber, formatPercent } from '../terminal/format.ts'
import { variantKey } from '../sweep/sweep-variants.ts'
import { escapeHtml } from '../../src-core/report/escape.ts'
import { charts, pretrainingCharts } from './charts.ts'
import { evaluationSection } from './evaluation-section.ts'
import { figure, swatch, table, text, type Cell } from './html-table.ts'
import { reportStyle } from './style.ts'

export interface ReportContent {
  readonly title: string
  readonly runs: readonly Run[]
  /** Train and validation loss and accuracy of every run, and what its pre-training logged. */
  readonly series: readonly Series[]
  /** The last evaluation of every run that has one, by run id. */
  readonly evaluations: ReadonlyMap<string, Evaluation>
  readonly exports: readonly ExportRecord[]
  /** Milliseconds since 1970. */
  readonly writtenAt: number
}

/** The best validation accuracy and its epoch: the run's own best may be that of another metric. */
function bestAccuracy(run: Run, series: readonly Series[]): { readonly value: number; readonly epoch: number } | null {
  if (run.best?.metric === metricNames.validationAccuracy) return run.best
  const found = series.find((one) => one.runId === run.id && one.metric === metricNames.validationAccuracy)
  const points = found?.points.filter(({ max }) => Number.isFinite(max)) ?? []
  return points.reduce<{ value: number; epoch: number } | null>(
    (best, { max, epoch }) => (best && best.value >= max ? best : { value: max, epoch }),
    null,
  )
}

function resultsTable({ runs, series }: ReportContent): string {
  const head = [
    ...[text('Run'), text('State'), figure('Best validation accuracy, %'), figure('at epoch')],
    ...[figure('Test accuracy, %'), figure('Test top-5 error, %'), figure('Last validation loss')],
    ...[figure('Training time'), figure('Parameters')],
  ]
  const rows = runs.map((run, index) => {
    const best = bestAccuracy(run, series)
    return [
      text(swatch(index, run.name)),
      text(run.state === 'diverged' && run.error ? `diverged: ${escapeHtml(run.error.message)}` : run.state),
      figure(formatPercent(best?.value)),
      figure(formatNumber(best?.epoch, 0)),
      figure(formatPercent(run.last[metricNames.testAccuracy])),
      figure(formatPercent(run.last[metricNames.testTop5Error])),
      figure(formatNumber(run.last[metricNames.validationLoss])),
      figure(formatDuration(run.activeTime)),
      figure(formatInteger(run.parameters)),
    ]
  })
  return table(head, rows)
}

/** What the number of seeds allows to conclude. */
function seedNote(runs: readonly Run[]): string {
  const variants = new Set(runs.map(variantKey)).size
  if (variants === runs.length) {
    return '<p>One run per variant cannot tell whether a small difference is real: repeat with other seeds.</p>'
  }
  return `<p>${runs.length} runs of ${variants} variants: runs of one variant differ in their seed alone.</p>`
}

function differencesTable(runs: readonly Run[]): string {
  const code = (content: string): Cell => text(`<code>${escapeHtml(content)}</code>`)
  const rows = differences(runs.map((run) => run.spec)).map(({ path, values }) => [
    code(path),
    ...values.map((value) => code(JSON.stringify(value) ?? 'absent')),
  ])
  if (rows.length === 0) return '<p>The configurations are the same.</p>'
  return table([text('Field'), ...runs.map((run, index) => text(swatch(index, run.name)))], rows)
}

/** What a reader must know to repeat the runs. */
function settingsTable(runs: readonly Run[]): string {
  const head = [
    text('Run'),
    text('Data set'),
    ...['Training images', 'Epochs', 'Batch size', 'Learning rate', 'Momentum', 'Seed'].map(figure),
  ]
  const rows = runs.map(({ spec: { data, training } }, index) => [
    text(swatch(index, runs[index]!.name)),
    text(escapeHtml(data.dataset)),
    figure(data.trainImages === null ? 'all' : formatInteger(data.trainImages)),
    figure(training.steps === null ? String(training.epochs) : `${formatInteger(training.steps)} steps`),
    ...[training.batchSize, training.learningRate, training.momentum, training.seed].map((value) =>
      figure(String(value)),
    ),
  ])
  return table(head, rows)
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
<h2>Results</h2>${resultsTable(content)}
${seedNote(content.runs)}
<h2>Curves</h2>${charts(content)}${pretrainingCharts(content)}
${evaluationSection(content.runs, content.evaluations)}
<h2>What differs in the configuration</h2>${differencesTable(content.runs)}
<h2>Data and training</h2>${settingsTable(content.runs)}
${exportsTable(content)}
</body>
</html>
`
}
