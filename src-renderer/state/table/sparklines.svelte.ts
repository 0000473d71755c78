import { noSmoothing } from '../../../src-core/domain/statistics/series-smoothing.ts'
import { SvelteMap } from 'svelte/reactivity'
import type { Client } from '../../../src-core/contract/client.ts'
import type { Run } from '../../../src-core/domain/run.ts'
import { selectionOf } from '../../lib/run/best.ts'

interface Sparkline {
  /** The run's step at which it was asked for; null when that failed. */
  readonly step: number | null
  readonly askedAt: number
  /** Null until it has been read once. */
  readonly values: readonly number[] | null
}

const pointsPerLine = 40
const runsPerCall = 60
/** A run that trains is asked for again at most this often, in milliseconds; one that could not be read, this often. */
const refreshTime = 1000
const retryTime = 30_000
/** Rows that only pass by are not asked for. */
const settleTime = 80

/** The trend of the metric that each run goes by, asked for rows in sight and kept per run and step. */
export class Sparklines {
  private readonly client: Client
  private readonly lines = new SvelteMap<string, Sparkline>()
  private wanted: readonly Run[] = []
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(client: Client) {
    this.client = client
  }

  get(runId: string): readonly number[] | null {
    return this.lines.get(runId)?.values ?? null
  }

  /** Says which rows are in sight. */
  show(runs: readonly Run[]): void {
    this.wanted = runs
    if (!this.timer && this.due().length > 0) this.timer = setTimeout(() => void this.fetch(), settleTime)
  }

  private due(): Run[] {
    const now = Date.now()
    return this.wanted.filter(({ id, step }) => {
      const known = this.lines.get(id)
      if (!known) return step > 0
      return known.step !== step && now - known.askedAt >= (known.step === null ? retryTime : refreshTime)
    })
  }

  private async fetch(): Promise<void> {
    const due = this.due().slice(0, runsPerCall)
    await Promise.all([...Map.groupBy(due, selectionOf)].map(([metric, runs]) => this.fetchMetric(metric, runs)))
    this.timer = undefined
    if (this.due().length > 0 && due.length > 0) this.show(this.wanted)
  }

  private async fetchMetric(metric: string, runs: readonly Run[]): Promise<void> {
    const askedAt = Date.now()
    const runIds = runs.map(({ id }) => id)
    const range = { fromStep: null, toStep: null, maxPoints: pointsPerLine, smoothing: noSmoothing }
    const question = { runIds, metrics: [metric], ...range }
    // A trend is an extra: what is wrong with the record is told by what the user asked for.
    const series = await this.client.call('metrics.history', question).catch(() => null)
    if (!series) {
      for (const { id } of runs) this.lines.set(id, { step: null, askedAt, values: this.get(id) })
      return
    }
    for (const { id, step } of runs)
      this.lines.set(id, {
        step,
        askedAt,
        values: [...(series.find(({ runId }) => runId === id)?.columns.last ?? [])],
      })
  }
}
