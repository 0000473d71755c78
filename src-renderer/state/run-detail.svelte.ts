import type { Client } from '../../src-core/contract/client.ts'
import type { RunEvent } from '../../src-core/contract/procedures.ts'
import { metricNames } from '../../src-core/domain/metrics.ts'
import { explain } from '../lib/error-hints.ts'
import { ChartOptions } from './charts/chart-options.svelte.ts'
import { SeriesSet } from './charts/series.svelte.ts'

const drawn = [
  metricNames.trainLoss,
  metricNames.validationLoss,
  metricNames.trainAccuracy,
  metricNames.validationAccuracy,
  metricNames.learningRate,
  metricNames.imagesPerSecond,
  metricNames.memory,
]

/** One run in full: its curves and what happened to it. */
export class RunDetail {
  readonly options = new ChartOptions()
  readonly series: SeriesSet
  events = $state.raw<readonly RunEvent[] | null>(null)
  eventsProblem = $state('')
  private readonly client: Client
  private readonly runId: string

  constructor(client: Client, runId: string, metrics: readonly string[] = drawn) {
    this.client = client
    this.runId = runId
    this.series = new SeriesSet(client, metrics)
  }

  showCurves(): Promise<void> {
    return this.series.show([this.runId], this.options.range)
  }

  async loadEvents(): Promise<void> {
    try {
      this.events = await this.client.call('runs.events', { runId: this.runId })
      this.eventsProblem = ''
    } catch (error) {
      this.eventsProblem = explain(error)
    }
  }

  dispose(): void {
    this.series.dispose()
  }
}
