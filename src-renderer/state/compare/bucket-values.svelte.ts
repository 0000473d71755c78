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
  problem = $state('')
  private readonly found = new SvelteMap<string, SeriesColumns>()
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from it
  private readonly asked = new Set<string>()
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly client: Client

  constructor(client: Client) {
    this.client = client
  }

  /** The values of a stretch; null until they are there. */
  get(stretch: Stretch): SeriesColumns | null {
    return this.found.get(keyOf(stretch)) ?? null
  }

  /** Fetches what is not there yet, once the wishes have settled. */
  want(stretches: readonly Stretch[]): void {
    clearTimeout(this.timer)
    const missing = stretches.filter((one) => !this.asked.has(keyOf(one)))
    if (missing.length > 0) this.timer = setTimeout(() => void this.fetch(missing), askedAfter)
  }

  dispose(): void {
    clearTimeout(this.timer)
  }

  private async fetch(stretches: readonly Stretch[]): Promise<void> {
    for (const one of stretches) this.asked.add(keyOf(one))
    await Promise.all(
      stretches.map(async (stretch) => {
        const { runId, metric, fromStep, toStep } = stretch
        const range = { runIds: [runId], metrics: [metric], fromStep, toStep, maxPoints, smoothing }
        try {
          const [series] = await this.client.call('metrics.history', range)
          this.found.set(keyOf(stretch), series?.columns ?? columnsOf([]))
          this.problem = ''
        } catch (error) {
          this.asked.delete(keyOf(stretch))
          this.problem = explain(error)
        }
      }),
    )
  }
}
