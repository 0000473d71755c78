import type { Client } from '../../../src-core/contract/client.ts'
import type { AugmentationPreview } from '../../../src-core/domain/evaluation/artifact.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { explain } from '../../lib/error-hints.ts'

/** Every preview starts a trainer: it is asked for once typing rests. */
const rest = 600

type Status = 'idle' | 'loading' | 'shown' | 'failed'

/** What decides the pictures: the input, the data and the seed. A change of anything else asks for nothing. */
function keyOf({ model, data, training }: RunSpec): string {
  return JSON.stringify([model.input, data, training.seed])
}

/** Sample images of the draft's augmentation, asked of main at rest; the newest question counts. */
export class AugmentationPreviewLoader {
  status = $state<Status>('idle')
  problem = $state('')
  /** The last pictures stay while new ones are drawn. */
  preview = $state.raw<AugmentationPreview | null>(null)
  private readonly client: Client
  private wanted: RunSpec | null = null
  private key = ''
  private question = 0
  /** Questions that main has not answered yet. */
  private unanswered = 0
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(client: Client) {
    this.client = client
  }

  /** Asks for pictures of a spec; null when none are wanted now. */
  want(spec: RunSpec | null): void {
    const key = spec ? keyOf(spec) : ''
    if (key === this.key) return
    clearTimeout(this.timer)
    this.key = key
    this.wanted = spec
    this.question += 1
    this.status = spec ? 'loading' : 'idle'
    if (!spec) this.forget()
    else this.timer = setTimeout(() => void this.ask(), rest)
  }

  retry(): void {
    this.question += 1
    this.status = 'loading'
    void this.ask()
  }

  dispose(): void {
    this.want(null)
  }

  private forget(): void {
    this.preview = null
    // Whether it ended by this or by itself no longer matters to anybody.
    if (this.unanswered > 0) this.client.call('preview.cancel').catch(() => {})
  }

  private async ask(): Promise<void> {
    const spec = this.wanted
    const question = this.question
    if (!spec) return
    this.unanswered += 1
    try {
      const preview = await this.client.call('preview.augmentation', { spec })
      if (question !== this.question) return
      this.preview = preview
      this.status = 'shown'
    } catch (error) {
      if (question !== this.question) return
      this.problem = explain(error)
      this.status = 'failed'
    } finally {
      this.unanswered -= 1
    }
  }
}
