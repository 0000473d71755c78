import type { Client } from '../../src-core/contract/client.ts'
import { metricNames, reconstructionErrorMetric } from '../../src-core/domain/metrics.ts'
import type { Run } from '../../src-core/domain/run.ts'
import { pretrainedLayers } from '../lib/run/phases.ts'
import { ChartOptions } from './charts/chart-options.svelte.ts'
import type { Runs } from './runs.svelte.ts'
import { recall, remember } from '../lib/storage.ts'
import { SeriesSet } from './charts/series.svelte.ts'

/** The metrics of the results table in its order. */
export const comparedMetrics = [
  { metric: metricNames.validationAccuracy, title: 'Validation accuracy (%)' },
  { metric: metricNames.validationTop5Error, title: 'Validation top-5 error (%)' },
  { metric: metricNames.validationLoss, title: 'Validation loss' },
  { metric: metricNames.testAccuracy, title: 'Test accuracy (%)' },
  { metric: metricNames.testTop5Error, title: 'Test top-5 error (%)' },
  { metric: metricNames.testLoss, title: 'Test loss' },
  { metric: metricNames.trainAccuracy, title: 'Train accuracy (%)' },
  { metric: metricNames.trainLoss, title: 'Train loss' },
] as const

/** A metric that the second chart can show; null stands for the accuracy of the chosen part. */
export interface ChartChoice {
  readonly metric: string | null
  readonly title: string
  readonly unit?: string
}

const choices: readonly ChartChoice[] = [
  { metric: null, title: 'Accuracy', unit: '%' },
  { metric: metricNames.validationTop1Error, title: 'Validation top-1 error', unit: '%' },
  { metric: metricNames.validationTop5Error, title: 'Validation top-5 error', unit: '%' },
  { metric: metricNames.learningRate, title: 'Learning rate' },
  { metric: metricNames.gradientNorm, title: 'Gradient norm' },
  { metric: metricNames.imagesPerSecond, title: 'Images per second' },
  { metric: metricNames.memory, title: 'Memory', unit: 'MiB' },
]

/** Runs side by side. Lives as long as the window, so that the choice is still there on return. */
export class Comparison {
  runIds = $state.raw<readonly string[]>([])
  part = $state<'validation' | 'train'>('validation')
  /** What the second chart shows beside the accuracy. */
  secondMetric = $state<string | null>(null)
  allFields = $state(false)
  /** Which way to compare is open. */
  tab = $state(recall<string>('compareTab', 'curves'))
  readonly options = new ChartOptions()
  readonly series: SeriesSet
  /** The series of the second metric, made when it is chosen: most comparisons never ask for them. */
  second = $state.raw<SeriesSet | null>(null)
  private readonly client: Client
  private readonly store: Runs
  readonly runs: Run[] = $derived.by(() =>
    this.runIds.map((id) => this.store.get(id)).filter((run): run is Run => run?.deletedAt === null),
  )
  /** The reconstruction errors of the layers that any of the runs pre-trains come after the rest. */
  readonly choices: readonly ChartChoice[] = $derived.by(() => {
    const layers = this.runs.flatMap(({ spec }) => pretrainedLayers(spec)).sort()
    const different = layers.filter((layer, index) => layer !== layers[index - 1])
    const errors = different.map((layer) => ({
      metric: reconstructionErrorMetric(layer),
      title: `Reconstruction error, ${layer}`,
    }))
    return [...choices, ...errors]
  })
  readonly choice: ChartChoice = $derived(
    this.choices.find(({ metric }) => metric === this.secondMetric) ?? this.choices[0]!,
  )

  constructor(client: Client, runs: Runs) {
    this.client = client
    this.store = runs
    this.series = new SeriesSet(
      client,
      comparedMetrics.map(({ metric }) => metric),
    )
  }

  choose(ids: readonly string[]): void {
    this.runIds = ids.filter((id, index) => ids.indexOf(id) === index)
    this.options.reset()
  }

  openTab(tab: string): void {
    this.tab = tab
    remember('compareTab', tab)
  }

  add(id: string): void {
    if (!this.runIds.includes(id)) this.runIds = [...this.runIds, id]
  }

  remove(id: string): void {
    this.runIds = this.runIds.filter((other) => other !== id)
  }

  chooseSecond(metric: string | null): void {
    if (metric === this.secondMetric) return
    this.second?.dispose()
    this.second = metric === null ? null : new SeriesSet(this.client, [metric])
    this.secondMetric = metric
  }

  async showCurves(): Promise<void> {
    const ids = this.runs.map((run) => run.id)
    const range = this.options.queried
    await Promise.all([this.series.show(ids, range), this.second?.show(ids, range)])
  }
}
