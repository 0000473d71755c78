import { metricNames } from '../../../src-core/domain/metrics.ts'
import type { Run } from '../../../src-core/domain/run.ts'
import type { ChartLine } from './chart-model.ts'

/** A chart of one run: its lines and how it is called. */
export interface RunChart {
  readonly title: string
  readonly unit?: string
  readonly lines: readonly ChartLine[]
}

function line(run: Run, metric: string, label: string, look: Partial<ChartLine> = {}): ChartLine {
  return { runId: run.id, metric, label, color: run.color, sparse: false, origin: run.startedAt, ...look }
}

const validation = { color: 'ink', sparse: true } as const

/** Training in the run's colour with its raw values behind, validation in ink with a marker per evaluation. */
export function curvesOf(run: Run): RunChart[] {
  return [
    {
      title: 'Loss',
      lines: [
        line(run, metricNames.trainLoss, 'train'),
        line(run, metricNames.validationLoss, 'validation', validation),
      ],
    },
    {
      title: 'Accuracy',
      unit: '%',
      lines: [
        line(run, metricNames.trainAccuracy, 'train'),
        line(run, metricNames.validationAccuracy, 'validation', validation),
      ],
    },
  ]
}

export function conditionsOf(run: Run): RunChart[] {
  return [
    { title: 'Learning rate', lines: [line(run, metricNames.learningRate, 'learning rate')] },
    { title: 'Images per second', lines: [line(run, metricNames.imagesPerSecond, 'images per second')] },
    { title: 'Memory', unit: 'MiB', lines: [line(run, metricNames.memory, 'memory')] },
  ]
}

/** One line per run over the same metric. */
export function comparedLines(runs: readonly Run[], metric: string, sparse: boolean): ChartLine[] {
  return runs.map((run) => line(run, metric, run.name, { sparse }))
}
