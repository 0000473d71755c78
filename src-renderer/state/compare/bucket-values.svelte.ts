import { SvelteMap } from 'svelte/reactivity'
import type { Client } from '../../../src-core/contract/client.ts'
import { columnsOf, type SeriesColumns } from '../../../src-core/domain/comparison/readings.ts'
import { explain } from '../../lib/error-hints.ts'

/** A stretch of one metric of one run. */
export interface Stretch {
  readonly runId: string
  readonly metric: string
  readonly fromStep: number
  readonly toStep: number
}

/** A bucket of a drawn series stands for far fewer values than this. */
const maxPoints = 20_000
/** Nothing of it is drawn. */
const smoothing = { kind: 'none', amount: 0 } as const
/** While a slider is dragged nothing is asked for. */
const askedAfter = 120

function keyOf({ runId, metric, fromStep, toStep }: Stretch): string {
  return `${runId} ${metric} ${fromStep} ${toStep}`
}

/** The single values inside of buckets that a budget cuts through, fetched once each. */
export class BucketValues {
  /** Why a wanted stretch could not be read; empty while all of them could. */
  problem = $state('')
  private readonly found = new SvelteMap<string, SeriesColumns>()
  /** By which question each stretch was asked for: an answer to any other has been overtaken by a rewind. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from it
  private readonly asked = new Map<string, symbol>()
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- `problem` tells of it
  private readonly failed = new Map<string, string>()
  private wanted: readonly Stretch[] = []
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly client: Client
  private readonly unsubscribe: () => void

  constructor(client: Client) {
    this.client = client
    this.unsubscribe = client.on('metrics.rewound', ({ runId }) => this.forget(runId))
  }

  /** The values of a stretch; null until they are there. */
  get(stretch: Stretch): SeriesColumns | null {
    return this.found.get(keyOf(stretch)) ?? null
  }

  /** Fetches what is not there yet, once the wishes have settled. What has failed waits for `retry`. */
  want(stretches: readonly Stretch[]): void {
    clearTimeout(this.timer)
    this.wanted = stretches
    const keys = stretches.map(keyOf)
    for (const key of [...this.failed.keys()]) if (!keys.includes(key)) this.failed.delete(key)
    this.tell()
    if (this.missing().length > 0) this.timer = setTimeout(() => this.fetchMissing(), askedAfter)
  }

  /** Asks again for what has failed. */
  retry(): void {
    this.failed.clear()
    this.tell()
    this.fetchMissing()
  }

  dispose(): void {
    clearTimeout(this.timer)
    this.unsubscribe()
  }

  /** A run's history lost its end and may have grown another: its values are asked for again when they are wanted. */
  private forget(runId: string): void {
    for (const map of [this.found, this.asked, this.failed]) {
      for (const key of [...map.keys()]) if (key.startsWith(`${runId} `)) map.delete(key)
    }
    this.tell()
  }

  private missing(): Stretch[] {
    return this.wanted.filter((one) => !this.asked.has(keyOf(one)) && !this.failed.has(keyOf(one)))
  }

  private fetchMissing(): void {
    for (const stretch of this.missing()) void this.fetch(stretch)
  }

  private async fetch(stretch: Stretch): Promise<void> {
    const { runId, metric, fromStep, toStep } = stretch
    const key = keyOf(stretch)
    const question = Symbol(key)
    this.asked.set(key, question)
    try {
      const range = { runIds: [runId], metrics: [metric], fromStep, toStep, maxPoints, smoothing }
      const [series] = await this.client.call('metrics.history', range)
      if (this.asked.get(key) === question) this.found.set(key, series?.columns ?? columnsOf([]))
    } catch (error) {
      if (this.asked.get(key) !== question) return
      this.asked.delete(key)
      this.failed.set(key, explain(error))
      this.tell()
    }
  }

  private tell(): void {
    this.problem = [...this.failed.values()][0] ?? ''
  }
}
