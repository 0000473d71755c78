import { SvelteMap } from 'svelte/reactivity'
import type { Client } from '../../../src-core/contract/client.ts'
import type { DrawnSeries } from '../../../src-core/domain/statistics/drawn-series.ts'
import type { StepRecord } from '../../../src-core/domain/metrics.ts'
import { noSmoothing, type Smoothing } from '../../../src-core/domain/statistics/series-smoothing.ts'
import { explain } from '../../lib/error-hints.ts'
import { LiveSeries } from '../../lib/charts/live-series.ts'

export interface StepRange {
  readonly from: number
  readonly to: number
}

/** Buckets per line: about one for each pixel of a wide chart, fewer when there are many lines. */
const mostPoints = 2_000
const mostPointsTogether = 60_000
const fewestPoints = 250

function pointsPerLine(lines: number): number {
  return Math.round(Math.min(mostPoints, Math.max(fewestPoints, mostPointsTogether / Math.max(1, lines))))
}

/**
 * The drawn series of some runs: history is fetched once per run and range, then live records are appended at its
 * end. Each series has a version that charts watch, so that only those redraw whose data changed.
 */
export class SeriesSet {
  status = $state<'loading' | 'ready' | 'failed'>('loading')
  problem = $state('')
  private readonly versions = new SvelteMap<string, number>()
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- charts follow the versions, not the thousands of points
  private readonly series = new Map<string, LiveSeries>()
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from it
  private readonly loaded = new Set<string>()
  /** Live records of runs whose history is on its way. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from it
  private readonly held = new Map<string, StepRecord[]>()
  private wanted: readonly string[] = []
  private range: StepRange | null = null
  private smoothing: Smoothing = noSmoothing
  /** Answers to questions of an older generation are dropped. */
  private generation = 0
  private readonly client: Client
  private readonly metrics: readonly string[]
  private readonly unsubscribe: (() => void)[]

  constructor(client: Client, metrics: readonly string[]) {
    this.client = client
    this.metrics = metrics
    this.unsubscribe = [
      client.on('metrics.appended', ({ runId, records }) => this.append(runId, records)),
      client.on('metrics.rewound', ({ runId }) => this.refetch(runId)),
    ]
  }

  dispose(): void {
    this.generation += 1
    this.unsubscribe.forEach((end) => end())
  }

  get(runId: string, metric: string): LiveSeries | null {
    return this.series.get(keyOf(runId, metric)) ?? null
  }

  /** Changes whenever the series does; reading it makes an effect follow the series. */
  version(runId: string, metric: string): number {
    return this.versions.get(keyOf(runId, metric)) ?? 0
  }

  /** Shows these runs, all of them or within a range of steps; fetches only what is not there yet. */
  async show(runIds: readonly string[], range: StepRange | null): Promise<void> {
    if (range?.from !== this.range?.from || range?.to !== this.range?.to) this.forgetAnswers()
    this.range = range
    this.wanted = runIds
    const missing = runIds.filter((id) => !this.loaded.has(id) && !this.held.has(id))
    if (missing.length > 0) await this.fetch(missing)
    else if (this.held.size === 0) this.status = 'ready'
  }

  /** Smooths otherwise from now on; what is drawn stays until the new lines are there. */
  async setSmoothing(smoothing: Smoothing): Promise<void> {
    if (smoothing.kind === this.smoothing.kind && smoothing.amount === this.smoothing.amount) return
    this.smoothing = smoothing
    this.forgetAnswers()
    await this.show(this.wanted, this.range)
  }

  async retry(): Promise<void> {
    this.forgetAnswers()
    await this.show(this.wanted, this.range)
  }

  /** What is drawn stays until the new answer is there. */
  private forgetAnswers(): void {
    this.generation += 1
    this.loaded.clear()
    this.held.clear()
  }

  private refetch(runId: string): void {
    if (!this.wanted.includes(runId)) return
    this.loaded.delete(runId)
    void this.fetch([runId])
  }

  private async fetch(runIds: readonly string[]): Promise<void> {
    const { generation, range, smoothing } = this
    const maxPoints = pointsPerLine(this.wanted.length)
    for (const id of runIds) this.held.set(id, [])
    if (this.series.size === 0) this.status = 'loading'
    try {
      const found = await this.client.call('metrics.history', {
        runIds: [...runIds],
        metrics: [...this.metrics],
        fromStep: range?.from ?? null,
        toStep: range?.to ?? null,
        maxPoints,
        smoothing,
      })
      if (generation === this.generation) this.take(runIds, found, maxPoints)
    } catch (error) {
      if (generation === this.generation) this.fail(runIds, error)
    }
  }

  private take(runIds: readonly string[], found: readonly DrawnSeries[], maxPoints: number): void {
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- lives for this call only
    const answers = new Map(found.map((one) => [keyOf(one.runId, one.metric), one]))
    for (const runId of runIds) {
      for (const metric of this.metrics) {
        const series = new LiveSeries(maxPoints, this.smoothing)
        const history = answers.get(keyOf(runId, metric))
        if (history) series.load(history)
        this.series.set(keyOf(runId, metric), series)
        this.touch(runId, metric)
      }
      const records = this.held.get(runId) ?? []
      this.held.delete(runId)
      this.loaded.add(runId)
      this.append(runId, records)
    }
    if (this.held.size === 0) this.status = 'ready'
  }

  private fail(runIds: readonly string[], error: unknown): void {
    for (const id of runIds) this.held.delete(id)
    this.problem = explain(error)
    this.status = 'failed'
  }

  private append(runId: string, records: readonly StepRecord[]): void {
    const held = this.held.get(runId)
    if (held) held.push(...records)
    if (held || !this.loaded.has(runId) || !this.wanted.includes(runId)) return
    const visible = this.range
      ? records.filter(({ step }) => step >= this.range!.from && step <= this.range!.to)
      : records
    for (const metric of this.metrics) {
      const series = this.series.get(keyOf(runId, metric))!
      const grown = visible.filter((record) => series.append(record, metric))
      if (grown.length > 0) this.touch(runId, metric)
    }
  }

  private touch(runId: string, metric: string): void {
    const key = keyOf(runId, metric)
    this.versions.set(key, (this.versions.get(key) ?? 0) + 1)
  }
}

function keyOf(runId: string, metric: string): string {
  return `${runId} ${metric}`
}
