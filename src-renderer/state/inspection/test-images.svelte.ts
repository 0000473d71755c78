import { SvelteMap } from 'svelte/reactivity'
import type { Client } from '../../../src-core/contract/client.ts'
import type { Pictures } from '../../../src-core/domain/evaluation/artifact.ts'
import { explain } from '../../lib/error-hints.ts'

/** How long the pointer has to rest before an image is fetched, in milliseconds. */
const restTime = 60
const mostImages = 500

/** Test images of a data set, fetched one by one as they are pointed at. */
export class TestImages {
  problem = $state('')
  private readonly images = new SvelteMap<number, Pictures>()
  private readonly client: Client
  private readonly asker = crypto.randomUUID()
  private readonly dataset: string
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(client: Client, dataset: string) {
    this.client = client
    this.dataset = dataset
  }

  get(index: number): Pictures | null {
    return this.images.get(index) ?? null
  }

  /** Fetches an image unless another is asked for at once. */
  fetch(index: number): void {
    clearTimeout(this.timer)
    if (!this.images.has(index)) this.timer = setTimeout(() => void this.load(index), restTime)
  }

  private async load(index: number): Promise<void> {
    try {
      const images = await this.client.call('inspection.images', {
        asker: this.asker,
        dataset: this.dataset,
        part: 'test',
        indices: [index],
      })
      this.images.set(index, images)
      if (this.images.size > mostImages) this.images.delete(this.images.keys().next().value!)
      this.problem = ''
    } catch (error) {
      this.problem = explain(error)
    }
  }
}
