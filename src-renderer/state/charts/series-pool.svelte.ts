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
 * The histories of the compared runs, one set per metric, each fetched when a chart wants it: a comparison has as many
 * charts as the runs have metrics, and most of them are out of sight. A chart that was scrolled past keeps its lines
 * until other runs or steps are shown, which are then fetched for the charts in sight alone.
 */
export class SeriesPool {
  private readonly sets = new SvelteMap<string, SeriesSet>()
  /** How many charts in sight want each metric. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from it
  private readonly inSight = new Map<string, number>()
  private readonly client: Client
  private readonly shared: SeriesSet
  private runIds: readonly string[] = []
  private range: StepRange | null = null
  private smoothing: Smoothing = noSmoothing

  /** `shared` already follows some metrics: they are not fetched twice. */
  constructor(client: Client, shared: SeriesSet, sharedMetrics: readonly string[]) {
    this.client = client
    this.shared = shared
    for (const metric of sharedMetrics) this.sets.set(metric, shared)
  }

  /** A chart of these metrics has come into sight: fetches what it lacks. The returned function says that it has left. */
  want(metrics: readonly string[]): () => void {
    for (const metric of metrics) {
      this.inSight.set(metric, (this.inSight.get(metric) ?? 0) + 1)
      const set = this.setOf(metric)
      if (set !== this.shared && this.runIds.length > 0) void set.show(this.runIds, this.range)
    }
    return () => {
      for (const metric of metrics) this.inSight.set(metric, this.inSight.get(metric)! - 1)
    }
  }

  private setOf(metric: string): SeriesSet {
    const present = this.sets.get(metric)
    if (present) return present
    const set = new SeriesSet(this.client, [metric])
    this.sets.set(metric, set)
    void set.setSmoothing(this.smoothing)
    return set
  }

  /** Lets go of all histories but the shared ones: no chart is open any more. */
  rest(): void {
    for (const set of this.sets.values()) if (set !== this.shared) void set.show([], null)
  }

  async show(runIds: readonly string[], range: StepRange | null): Promise<void> {
    this.runIds = runIds
    this.range = range
    const own = [...this.sets].filter(([, set]) => set !== this.shared)
    const shown = own.map(([metric, set]) => set.show(this.inSight.get(metric) ? runIds : [], range))
    await Promise.all([this.shared.show(runIds, range), ...shown])
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
