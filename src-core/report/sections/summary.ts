import { metricNames } from '../../domain/metrics.ts'
import type { Run } from '../../domain/run.ts'
import { formatDuration, formatInteger, formatNumber, formatPercent } from '../format.ts'
import { bestOf, metricHead, metricText } from '../metric-words.ts'
import { cell, figure, table, withoutEmptyColumns, type Cell, type Part } from '../report-document.ts'
import { seriesOf, type ReportContent } from '../report-content.ts'

/** Columns of one table of metrics: more do not fit on a page. */
const metricsPerTable = 2

/** A cell that names a run behind the colour of its lines. */
export function runCell({ runs, looks }: Pick<ReportContent, 'runs' | 'looks'>, index: number): Cell {
  return { text: runs[index]!.name, run: looks[index]! }
}

/** The best validation accuracy and its epoch: the run's own best may be that of another metric. */
function bestAccuracy(content: ReportContent, run: Run): { readonly value: number; readonly epoch: number } | null {
  if (run.best?.metric === metricNames.validationAccuracy) return run.best
  const found = seriesOf(content, run.id, metricNames.validationAccuracy)
  return found ? bestOf(metricNames.validationAccuracy, found.columns) : null
}

function stateText({ state, error }: Run): string {
  return state === 'diverged' && error ? `diverged: ${error.message}` : state
}

/** "240 of 480, 1.5 epochs". */
function budgetText({ step, totalSteps, epoch }: Run): string {
  const steps =
    totalSteps === null || totalSteps === step
      ? formatInteger(step)
      : `${formatInteger(step)} of ${formatInteger(totalSteps)}`
  return `${steps}, ${Number(epoch.toFixed(2))} epochs`
}

function resultsTable(content: ReportContent): Part {
  const head = [
    ...[cell('Run'), cell('State'), figure('Steps'), figure('Training time')],
    ...[figure('Best validation accuracy, %'), figure('at epoch'), figure('Test accuracy, %')],
    ...[figure('Test top-5 error, %'), figure('Last validation loss')],
    cell('Tags'),
  ]
  const rows = content.runs.map((run, index) => {
    const best = bestAccuracy(content, run)
    return [
      runCell(content, index),
      cell(stateText(run)),
      figure(budgetText(run)),
      figure(formatDuration(run.activeTime)),
      figure(formatPercent(best?.value)),
      figure(formatNumber(best?.epoch, 0)),
      figure(formatPercent(run.last[metricNames.testAccuracy])),
      figure(formatPercent(run.last[metricNames.testTop5Error])),
      figure(formatNumber(run.last[metricNames.validationLoss])),
      cell(run.tags.join(', ')),
    ]
  })
  return withoutEmptyColumns(table('Results of the runs', head, rows))
}

function metricsTable(content: ReportContent, metrics: readonly string[]): Part {
  const head = metrics.flatMap((metric) => [figure(metricHead(metric)), figure('best'), figure('at step')])
  const rows = content.runs.map((run, index) => [
    runCell(content, index),
    ...metrics.flatMap((metric) => {
      const found = seriesOf(content, run.id, metric)
      const best = found ? bestOf(metric, found.columns) : null
      const last = found && found.columns.last[found.columns.last.length - 1]
      return [
        figure(metricText(metric, last)),
        figure(metricText(metric, best?.value)),
        figure(best ? formatInteger(best.step) : '-'),
      ]
    }),
  ])
  return table('Last and best values', [cell('Run'), ...head], rows)
}

/** What every run reached, and the last and best value of the metrics that are drawn. */
export function summarySection(content: ReportContent): Part[] {
  const tables = Array.from({ length: Math.ceil(content.metrics.length / metricsPerTable) }, (_, index) =>
    metricsTable(content, content.metrics.slice(index * metricsPerTable, (index + 1) * metricsPerTable)),
  )
  const details: Part[] =
    tables.length === 0
      ? []
      : [{ kind: 'details', summary: 'Last and best value of every metric drawn', parts: tables }]
  return [resultsTable(content), ...details]
}
