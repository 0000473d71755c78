import { metricNames, type Series } from '../../src-core/domain/metrics.ts'
import type { Run } from '../../src-core/domain/run.ts'
import { smooth } from '../../src-core/domain/statistics/smoothing.ts'
import { escapeHtml } from '../../src-core/report/escape.ts'
import { colorOf } from './html-table.ts'
import { svgChart, type ChartLine } from './svg-chart.ts'

const smoothingWeight = 0.9

interface ChartContent {
  readonly runs: readonly Run[]
  readonly series: readonly Series[]
}

function linesOf(content: ChartContent, trainMetric: string, validationMetric: string): ChartLine[] {
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

/** Loss and accuracy against the step. */
export function charts(content: ChartContent): string {
  const loss = linesOf(content, metricNames.trainLoss, metricNames.validationLoss)
  const accuracy = linesOf(content, metricNames.trainAccuracy, metricNames.validationAccuracy)
  return `
<figure><figcaption>Loss (cross-entropy)</figcaption>${svgChart({ title: 'Loss', xTitle: 'step', yTitle: 'loss', lines: loss })}</figure>
<figure><figcaption>Accuracy</figcaption>${svgChart({ title: 'Accuracy', xTitle: 'step', yTitle: 'accuracy', lines: accuracy })}</figure>
<p>Faint lines are single training batches, full lines their moving average (weight ${smoothingWeight}), dots and dashes the validation images after each epoch; colours as in the table above.</p>`
}

/** One chart per pre-trained layer; empty when nothing was pre-trained. */
export function pretrainingCharts({ runs, series }: ChartContent): string {
  const metrics = new Set(series.map(({ metric }) => metric).filter((metric) => metric.startsWith('pretraining/')))
  const figures = [...metrics].sort().map((metric) => {
    const lines = runs.flatMap((run, index): ChartLine[] => {
      const found = series.find((one) => one.runId === run.id && one.metric === metric)
      if (!found || found.points.length === 0) return []
      const points = found.points.map((point) => ({ x: point.step, y: point.last }))
      return [{ label: run.name, color: colorOf(index), points, style: 'smooth' }]
    })
    const [, layer = metric] = metric.split('/')
    const title = `Pre-training of ${layer}: mean squared reconstruction error`
    const chart = svgChart({ title, xTitle: 'step', yTitle: 'reconstruction error', lines })
    return `\n<figure><figcaption>${escapeHtml(title)}</figcaption>${chart}</figure>`
  })
  return figures.join('')
}
