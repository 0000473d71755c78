import { SvelteMap } from 'svelte/reactivity'
import type { Client } from '../../../src-core/contract/client.ts'
import { noSmoothing, type Smoothing } from '../../../src-core/domain/statistics/series-smoothing.ts'
import { SeriesSet, type StepRange } from './series.svelte.ts'

/** The series of one chart: what it reads from a pool. */
export interface PooledSeries {
  readonly status: 'loading' | 'ready' | 'failed'
  readonly problem: string
  get(runId: string, metric: string): ReturnType<SeriesSet['get']>
  version(runId: string, metric: string): number
  setSmoothing(smoothing: Smoothing): Promise<void>
  retry(): Promise<void>
}

/**
 * The histories of the compared runs, one set per metric, each fetched when the first chart wants it: a comparison has
 * as many charts as the runs have metrics, and most of them are out of sight.
 */
export class SeriesPool {
  private readonly sets = new SvelteMap<string, SeriesSet>()
  private readonly client: Client
  private runIds: readonly string[] = []
  private range: StepRange | null = null
  private smoothing: Smoothing = noSmoothing

  /** `shared` already follows some metrics: they are not fetched twice. */
  constructor(client: Client, shared: SeriesSet, sharedMetrics: readonly string[]) {
    this.client = client
    for (const metric of sharedMetrics) this.sets.set(metric, shared)
  }

  /** Fetches the histories of a metric unless that was done before. */
  want(metrics: readonly string[]): void {
    for (const metric of metrics) {
      if (this.sets.has(metric)) continue
      const set = new SeriesSet(this.client, [metric])
      this.sets.set(metric, set)
      void set.setSmoothing(this.smoothing)
      if (this.runIds.length > 0) void set.show(this.runIds, this.range)
    }
  }

  async show(runIds: readonly string[], range: StepRange | null): Promise<void> {
    this.runIds = runIds
    this.range = range
    const sets = [...this.sets.values()]
    const different = sets.filter((set, index) => sets.indexOf(set) === index)
    await Promise.all(different.map((set) => set.show(runIds, range)))
  }

  async setSmoothing(smoothing: Smoothing): Promise<void> {
    this.smoothing = smoothing
    await Promise.all([...this.sets.values()].map((set) => set.setSmoothing(smoothing)))
  }

  get(runId: string, metric: string): ReturnType<SeriesSet['get']> {
    return this.sets.get(metric)?.get(runId, metric) ?? null
  }

  /** The part of the pool that a chart of these metrics reads. */
  view(metrics: readonly string[]): PooledSeries {
    const found = (): SeriesSet[] => metrics.flatMap((metric) => this.sets.get(metric) ?? [])
    const { sets } = this
    return {
      get status() {
        const all = found()
        if (all.some(({ status }) => status === 'failed')) return 'failed'
        return all.length === metrics.length && all.every(({ status }) => status === 'ready') ? 'ready' : 'loading'
      },
      get problem() {
        return found().find(({ status }) => status === 'failed')?.problem ?? ''
      },
      get: (runId, metric) => this.get(runId, metric),
      version: (runId, metric) => sets.get(metric)?.version(runId, metric) ?? -1,
      setSmoothing: (smoothing) => this.setSmoothing(smoothing),
      async retry() {
        await Promise.all(found().map((set) => (set.status === 'failed' ? set.retry() : undefined)))
      },
    }
  }
}
