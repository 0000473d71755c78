import type { Client } from '../../../src-core/contract/client.ts'
import type { StepRecord } from '../../../src-core/domain/metrics.ts'
import type { Smoothing } from '../../../src-core/domain/statistics/series-smoothing.ts'
import { LiveSeries } from '../../lib/charts/live-series.ts'

export interface StepRange {
  readonly from: number
  readonly to: number
}

/** A metric of a run. */
export interface Line {
  readonly runId: string
  readonly metric: string
}

/** How much of a history is asked for, and how it is smoothed. */
export interface SeriesQuery {
  readonly range: StepRange | null
  readonly smoothing: Smoothing
  readonly maxPoints: number
}

/** Who follows a series: told when it has come or grown, or cannot be had. */
export interface SeriesUser {
  changed(stored: StoredSeries): void
  failed(stored: StoredSeries, error: unknown): void
}

/** A series that the window holds once, however many charts draw it. */
export interface StoredSeries extends Line {
  readonly query: SeriesQuery
  readonly users: Set<SeriesUser>
  /** Null until its history has come. */
  series: LiveSeries | null
  /** It cannot be had as it stands: whoever wants it asks anew. */
  dead: boolean
  /** Live records that wait for the history on its way; null when none is. */
  held: StepRecord[] | null
  /** Raised by a rewind: answers to what was asked before are dropped. */
  generation: number
}

interface Job {
  readonly query: SeriesQuery
  readonly wanted: readonly { readonly stored: StoredSeries; readonly generation: number }[]
}

/** Two questions at a time: while one answer is copied over the next one is read. */
const mostAtOnce = 2
/** Series that nobody draws at the moment but that go on growing: zooming out or back to a run asks for nothing. */
const mostIdle = 200

const stores = new WeakMap<Client, SeriesStore>()

/**
 * Every history that the charts of the window draw, each fetched once and then grown by live records. Questions wait
 * in a queue, and one that nobody wants any more when its turn comes is never asked: a slider that moves over a hundred
 * runs costs the answer that is on its way and the last one.
 */
export class SeriesStore {
  private readonly stored = new Map<string, StoredSeries>()
  private readonly byRun = new Map<string, Set<StoredSeries>>()
  private readonly idle = new Set<StoredSeries>()
  private queue: Job[] = []
  private underWay = 0
  private followers = 0
  private unsubscribe: (() => void)[] = []
  private readonly client: Client

  private constructor(client: Client) {
    this.client = client
  }

  /** The one store of a client. */
  static of(client: Client): SeriesStore {
    const store = stores.get(client) ?? new SeriesStore(client)
    stores.set(client, store)
    return store
  }

  /** Begins to follow live records with the first follower; the returned function ends it with the last. */
  follow(): () => void {
    if (this.followers++ === 0) {
      this.unsubscribe = [
        this.client.on('metrics.appended', ({ runId, records }) => this.append(runId, records)),
        this.client.on('metrics.rewound', ({ runId }) => this.refetch(runId)),
        this.client.on('run.purged', ({ runId }) => this.forgetRun(runId)),
      ]
    }
    return () => {
      if (--this.followers > 0) return
      for (const end of this.unsubscribe) end()
      // Without live records the series would be out of date.
      for (const stored of [...this.stored.values()]) this.forget(stored)
    }
  }

  /** The series of these lines, in their order; asks for those that are not there. */
  take(lines: readonly Line[], query: SeriesQuery, user: SeriesUser): StoredSeries[] {
    const missing: StoredSeries[] = []
    const taken = lines.map(({ runId, metric }) => {
      const present = this.stored.get(keyOf(runId, metric, query))
      const stored = present ?? this.add(runId, metric, query)
      stored.users.add(user)
      this.idle.delete(stored)
      if (!present) missing.push(stored)
      return stored
    })
    this.enqueue(missing, query)
    return taken
  }

  /** Ends the use of a series. It stays for a while, unless its history was never asked for. */
  release(stored: StoredSeries, user: SeriesUser): void {
    stored.users.delete(user)
    if (stored.users.size > 0 || stored.dead) return
    if (stored.series === null) return this.forget(stored)
    this.idle.add(stored)
    for (const oldest of this.idle) {
      if (this.idle.size <= mostIdle) break
      this.forget(oldest)
    }
  }

  private add(runId: string, metric: string, query: SeriesQuery): StoredSeries {
    const stored: StoredSeries = {
      ...{ runId, metric, query, users: new Set(), series: null },
      ...{ dead: false, held: [], generation: 0 },
    }
    this.stored.set(keyOf(runId, metric, query), stored)
    const ofRun = this.byRun.get(runId) ?? new Set()
    this.byRun.set(runId, ofRun.add(stored))
    return stored
  }

  private forget(stored: StoredSeries): void {
    stored.dead = true
    this.idle.delete(stored)
    this.stored.delete(keyOf(stored.runId, stored.metric, stored.query))
    const ofRun = this.byRun.get(stored.runId)
    ofRun?.delete(stored)
    if (ofRun?.size === 0) this.byRun.delete(stored.runId)
  }

  private forgetRun(runId: string): void {
    for (const stored of [...(this.byRun.get(runId) ?? [])]) this.forget(stored)
  }

  /** One question for all metrics that lack the same runs: an answer holds every metric of every run. */
  private enqueue(missing: readonly StoredSeries[], query: SeriesQuery): void {
    const perMetric = Map.groupBy(missing, ({ metric }) => metric).values()
    for (const lists of Map.groupBy(perMetric, (list) => list.map(({ runId }) => runId).join()).values()) {
      this.queue.push({ query, wanted: lists.flat().map((stored) => ({ stored, generation: stored.generation })) })
    }
    this.pump()
  }

  private pump(): void {
    while (this.underWay < mostAtOnce && this.queue.length > 0) {
      const job = this.queue.shift()!
      const wanted = job.wanted.filter(isWanted)
      if (wanted.length > 0) void this.ask({ ...job, wanted })
    }
  }

  private async ask(job: Job): Promise<void> {
    const { query, wanted } = job
    this.underWay += 1
    try {
      const found = await this.client.call('metrics.history', {
        runIds: different(wanted.map(({ stored }) => stored.runId)),
        metrics: different(wanted.map(({ stored }) => stored.metric)),
        fromStep: query.range?.from ?? null,
        toStep: query.range?.to ?? null,
        maxPoints: query.maxPoints,
        smoothing: query.smoothing,
      })
      const answers = new Map(found.map((one) => [`${one.runId} ${one.metric}`, one]))
      for (const { stored } of job.wanted.filter(isWanted)) {
        const series = new LiveSeries(query.maxPoints, query.smoothing)
        const history = answers.get(`${stored.runId} ${stored.metric}`)
        if (history) series.load(history)
        this.settle(stored, series)
      }
    } catch (error) {
      for (const { stored } of job.wanted.filter(isWanted)) this.fail(stored, error)
    } finally {
      this.underWay -= 1
      this.pump()
    }
  }

  private settle(stored: StoredSeries, series: LiveSeries): void {
    const records = stored.held ?? []
    stored.series = series
    stored.held = null
    series.appendAll(visible(records, stored.query.range), stored.metric)
    for (const user of [...stored.users]) user.changed(stored)
  }

  private fail(stored: StoredSeries, error: unknown): void {
    this.forget(stored)
    for (const user of [...stored.users]) user.failed(stored, error)
  }

  private append(runId: string, records: readonly StepRecord[]): void {
    for (const stored of this.byRun.get(runId) ?? []) {
      if (stored.held) stored.held.push(...records)
      else if (stored.series!.appendAll(visible(records, stored.query.range), stored.metric)) {
        for (const user of stored.users) user.changed(stored)
      }
    }
  }

  /** After a rewind: what is drawn stays until the history that is left is there. */
  private refetch(runId: string): void {
    const refetched = [...(this.byRun.get(runId) ?? [])].filter((stored) => {
      if (stored.users.size > 0) return true
      this.forget(stored)
      return false
    })
    for (const stored of refetched) {
      stored.generation += 1
      stored.held = []
    }
    for (const list of Map.groupBy(refetched, ({ query }) => query).values()) this.enqueue(list, list[0]!.query)
  }
}

function isWanted({ stored, generation }: Job['wanted'][number]): boolean {
  return !stored.dead && stored.generation === generation
}

function visible(records: readonly StepRecord[], range: StepRange | null): readonly StepRecord[] {
  return range ? records.filter(({ step }) => step >= range.from && step <= range.to) : records
}

function different(values: readonly string[]): string[] {
  return [...new Set(values)]
}

function keyOf(runId: string, metric: string, { range, smoothing, maxPoints }: SeriesQuery): string {
  const part = range ? `${range.from}-${range.to}` : 'all'
  return `${runId} ${metric} ${part} ${smoothing.kind} ${smoothing.amount} ${maxPoints}`
}
