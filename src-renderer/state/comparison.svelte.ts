import type { Client } from '../../src-core/contract/client.ts'
import { metricNames } from '../../src-core/domain/metrics.ts'
import type { Run } from '../../src-core/domain/run.ts'
import { ChartOptions } from './charts/chart-options.svelte.ts'
import type { Runs } from './runs.svelte.ts'
import { SeriesSet } from './charts/series.svelte.ts'

/** The metrics of the results table in its order. */
export const comparedMetrics = [
  { metric: metricNames.validationAccuracy, title: 'Validation accuracy (%)' },
  { metric: metricNames.validationLoss, title: 'Validation loss' },
  { metric: metricNames.testAccuracy, title: 'Test accuracy (%)' },
  { metric: metricNames.testLoss, title: 'Test loss' },
  { metric: metricNames.trainAccuracy, title: 'Train accuracy (%)' },
  { metric: metricNames.trainLoss, title: 'Train loss' },
] as const

/** Runs side by side. Lives as long as the window, so that the choice is still there on return. */
export class Comparison {
  runIds = $state.raw<readonly string[]>([])
  part = $state<'validation' | 'train'>('validation')
  allFields = $state(false)
  readonly options = new ChartOptions()
  readonly series: SeriesSet
  private readonly store: Runs
  readonly runs: Run[] = $derived.by(() =>
    this.runIds.map((id) => this.store.get(id)).filter((run): run is Run => run?.deletedAt === null),
  )

  constructor(client: Client, runs: Runs) {
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

  add(id: string): void {
    if (!this.runIds.includes(id)) this.runIds = [...this.runIds, id]
  }

  remove(id: string): void {
    this.runIds = this.runIds.filter((other) => other !== id)
  }

  showCurves(): Promise<void> {
    return this.series.show(
      this.runs.map((run) => run.id),
      this.options.range,
    )
  }
}
