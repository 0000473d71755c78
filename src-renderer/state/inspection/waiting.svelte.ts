import { toWireError } from '../../../src-core/domain/errors.ts'
import { explain } from '../../lib/error-hints.ts'

/** After so many milliseconds the window says that it waits: most answers are there before. */
export const slowAfter = 300

/** One piece of work at a time whose end is waited for. What is begun last counts; anything late is dropped. */
export class Waiting {
  pending = $state(false)
  /** Whether it has taken long enough to say so. */
  slow = $state(false)
  /** Why the last piece of work failed; empty when it did not. */
  problem = $state('')
  private generation = 0

  /** @param work it asks `isCurrent` before it changes anything, because something newer may have begun. */
  async run(work: (isCurrent: () => boolean) => Promise<void>): Promise<void> {
    const generation = ++this.generation
    const isCurrent = (): boolean => generation === this.generation
    this.begin()
    const timer = setTimeout(() => isCurrent() && (this.slow = true), slowAfter)
    try {
      await work(isCurrent)
    } catch (error) {
      if (isCurrent()) this.problem = toWireError(error).code === 'cancelled' ? 'Cancelled.' : explain(error)
    } finally {
      clearTimeout(timer)
      if (isCurrent()) this.pending = this.slow = false
    }
  }

  /** Stops waiting; what arrives later is dropped. */
  giveUp(): void {
    if (!this.pending) return
    this.generation += 1
    this.pending = this.slow = false
    this.problem = 'Cancelled.'
  }

  private begin(): void {
    this.pending = true
    this.slow = false
    this.problem = ''
  }
}
