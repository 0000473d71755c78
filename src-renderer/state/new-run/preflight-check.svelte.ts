import type { Client } from '../../../src-core/contract/client.ts'
import { toWireError } from '../../../src-core/domain/errors.ts'
import type { Preflight } from '../../../src-core/domain/preflight/preflight.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'

type Status = 'idle' | 'measuring' | 'shown' | 'failed'

/** The preflight of the draft: measured when asked for, and kept, marked as stale, when the choices change. */
export class PreflightCheck {
  status = $state<Status>('idle')
  problem = $state('')
  result = $state.raw<Preflight | null>(null)
  /** The spec that `result` is about. */
  private measured = $state('')
  private readonly client: Client
  private question = 0

  constructor(client: Client) {
    this.client = client
  }

  /** Measures a spec; the values before it stay until it is done. */
  async measure(spec: RunSpec): Promise<void> {
    const question = ++this.question
    this.status = 'measuring'
    try {
      const result = await this.client.call('preflight.measure', { spec })
      if (question !== this.question) return
      this.result = result
      this.measured = JSON.stringify(spec)
      this.status = 'shown'
    } catch (error) {
      if (question !== this.question) return
      this.problem = toWireError(error).message
      this.status = 'failed'
    }
  }

  /** Gives up what is being measured; what was measured before stays. */
  cancel(): void {
    if (this.status !== 'measuring') return
    this.question += 1
    this.status = this.result ? 'shown' : 'idle'
    // Whether it ended by this or by itself no longer matters to anybody.
    this.client.call('preflight.cancel').catch(() => {})
  }

  /** Whether the result is about other choices than these; null stands for choices that are not right. */
  isStale(spec: RunSpec | null): boolean {
    return this.result !== null && (spec === null || JSON.stringify(spec) !== this.measured)
  }

  /** The result that forbids to start this spec: fresh, and it does not fit. Null when nothing does. */
  refusal(spec: RunSpec | null): Preflight | null {
    return this.result && !this.result.fits && !this.isStale(spec) ? this.result : null
  }
}
