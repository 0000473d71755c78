import { SvelteMap } from 'svelte/reactivity'
import type { Client } from '../../../src-core/contract/client.ts'
import { toWireError } from '../../../src-core/domain/errors.ts'
import type { ProcedureOutput } from '../../../src-core/contract/procedures/index.ts'
import { explain } from '../../lib/error-hints.ts'
import { decodePictures } from '../../lib/pictures.ts'

/** With the step of the checkpoint that answered. */
export type TestAnswer = ProcedureOutput<'inspection.predictions'>

export interface SeenPicture {
  readonly size: number
  readonly pixels: Uint8ClampedArray<ArrayBuffer>
}

/** Ten thousand predictions are a hundred kilobytes. */
const mostAnswers = 24
const mostPictures = 1000
/** As many as one question may ask for. */
const picturesAtOnce = 64

/** What trained networks say of their test images, kept per run and step of the checkpoint; and those images. */
export class TestSetAnswers {
  /** What went wrong with the last question; empty when nothing did. */
  problem = $state('')
  /** Whether the user gave up the questions: nothing is asked until they want it again. */
  stopped = $state(false)
  /** How many questions to the networks wait for their answers. */
  waiting = $state(0)
  private readonly answers = new SvelteMap<string, TestAnswer>()
  private readonly pictures = new SvelteMap<string, SeenPicture>()
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from it
  private readonly asked = new Set<string>()
  private readonly client: Client
  private readonly asker = crypto.randomUUID()

  constructor(client: Client) {
    this.client = client
  }

  get(runId: string, step: number): TestAnswer | null {
    return this.answers.get(`${runId} ${step}`) ?? null
  }

  picture(dataset: string, index: number): SeenPicture | null {
    return this.pictures.get(`${dataset} ${index}`) ?? null
  }

  /** Asks the network of a checkpoint about the test images, once. Nothing is asked after a failure or a stop. */
  async ask(runId: string, step: number): Promise<void> {
    const key = `${runId} ${step}`
    if (this.stopped || this.problem !== '' || this.answers.has(key) || this.asked.has(key)) return
    this.asked.add(key)
    this.waiting += 1
    try {
      keep(
        this.answers,
        key,
        await this.client.call('inspection.predictions', { asker: this.asker, runId, step, part: 'test' }),
        mostAnswers,
      )
    } catch (error) {
      this.failed(error)
    } finally {
      this.asked.delete(key)
      this.waiting -= 1
    }
  }

  /** Fetches images of the test set that are not here yet. */
  async fetchPictures(dataset: string, indices: readonly number[]): Promise<void> {
    const missing = indices.filter((index) => !this.picture(dataset, index) && !this.asked.has(`${dataset} ${index}`))
    if (this.stopped || this.problem !== '') return
    for (let first = 0; first < missing.length; first += picturesAtOnce) {
      await this.fetchSome(dataset, missing.slice(first, first + picturesAtOnce))
    }
  }

  /** Gives up its questions to the networks. */
  async cancel(): Promise<void> {
    this.stopped = true
    try {
      await this.client.call('inspection.cancel', { asker: this.asker })
    } catch (error) {
      this.problem = explain(error)
    }
  }

  /** After a failure or a stop: what is wanted is asked again. */
  again(): void {
    this.stopped = false
    this.problem = ''
  }

  private async fetchSome(dataset: string, indices: number[]): Promise<void> {
    const keys = indices.map((index) => `${dataset} ${index}`)
    keys.forEach((key) => this.asked.add(key))
    try {
      const found = await this.client.call('inspection.images', { asker: this.asker, dataset, part: 'test', indices })
      decodePictures(found).forEach((pixels, at) => {
        keep(this.pictures, keys[at]!, { size: found.size, pixels }, mostPictures)
      })
    } catch (error) {
      this.failed(error)
    } finally {
      keys.forEach((key) => this.asked.delete(key))
    }
  }

  private failed(error: unknown): void {
    // Given up while it waited.
    if (toWireError(error).code === 'cancelled') this.stopped = true
    else this.problem = explain(error)
  }
}

/** Adds to a map of what was looked at; what came first goes. */
function keep<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.set(key, value)
  if (map.size > most) map.delete(map.keys().next().value!)
}
