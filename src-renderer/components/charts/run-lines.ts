import { metricNames, reconstructionErrorMetric } from '../../../src-core/domain/metrics.ts'
import type { Run } from '../../../src-core/domain/run.ts'
import { placeFacts } from '../../lib/charts/places.ts'
import { pretrainedLayers } from '../../lib/run/phases.ts'
import type { ChartLine } from './chart-model.ts'

/** A chart of one run: its lines and how it is called. */
export interface RunChart {
  readonly title: string
  readonly unit?: string
  readonly lines: readonly ChartLine[]
}

function line(run: Run, metric: string, label: string, look: Partial<ChartLine> = {}): ChartLine {
  return { runId: run.id, metric, label, color: run.color, sparse: false, ...placeFacts(run), ...look }
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

/** The error of the reconstructions, one line per pre-trained layer; null for a run without pre-training. */
export function pretrainingOf(run: Run): RunChart | null {
  const layers = pretrainedLayers(run.spec)
  if (layers.length === 0) return null
  const lines = layers.map((layer) => line(run, reconstructionErrorMetric(layer), layer, { stage: true }))
  return { title: 'Reconstruction error', lines }
}

/** Whether the learning rate changes while the run trains: a constant one needs no chart. */
function schedules({ spec }: Run): boolean {
  const { kind, warmupEpochs } = spec.training.schedule
  return kind !== 'constant' || warmupEpochs > 0
}

/** Everything below the curves: what the run logged so far, and what it will log for certain. */
export function conditionsOf(run: Run): RunChart[] {
  const logs = (metric: string): boolean => Object.hasOwn(run.last, metric)
  const charts: (RunChart & { readonly shown: boolean })[] = [
    {
      title: 'Validation error',
      unit: '%',
      shown: logs(metricNames.validationTop1Error) || logs(metricNames.validationTop5Error),
      lines: [
        line(run, metricNames.validationTop1Error, 'top-1', validation),
        line(run, metricNames.validationTop5Error, 'top-5', { sparse: true }),
      ],
    },
    {
      title: 'Learning rate',
      shown: schedules(run),
      lines: [line(run, metricNames.learningRate, 'learning rate', { exact: true })],
    },
    {
      title: 'Gradient norm',
      shown: logs(metricNames.gradientNorm),
      lines: [line(run, metricNames.gradientNorm, 'gradient norm')],
    },
    { title: 'Images per second', shown: true, lines: [line(run, metricNames.imagesPerSecond, 'images per second')] },
    { title: 'Memory', unit: 'MiB', shown: true, lines: [line(run, metricNames.memory, 'memory')] },
  ]
  return charts
    .filter(({ shown }) => shown)
    .map(({ title, unit, lines }) => ({ title, lines, ...(unit ? { unit } : {}) }))
}

/** Every metric that a chart of the run may show, now or later. */
export function drawnMetrics(run: Run): string[] {
  return [
    metricNames.trainLoss,
    metricNames.validationLoss,
    metricNames.trainAccuracy,
    metricNames.validationAccuracy,
    metricNames.validationTop1Error,
    metricNames.validationTop5Error,
    metricNames.learningRate,
    metricNames.gradientNorm,
    metricNames.imagesPerSecond,
    metricNames.memory,
    ...pretrainedLayers(run.spec).map(reconstructionErrorMetric),
  ]
}

/** Few values, such as one per epoch: drawn with markers and never smoothed. */
export function isSparse(metric: string): boolean {
  return /^(validation|test)\//.test(metric)
}

/** One line per run over the same metric. */
export function comparedLines(runs: readonly Run[], metric: string): ChartLine[] {
  const exact = metric === metricNames.learningRate
  return runs.map((run) => line(run, metric, run.name, { sparse: isSparse(metric), exact }))
}
