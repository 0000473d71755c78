import { SvelteMap } from 'svelte/reactivity'
import type { Client } from '../../src-core/contract/client.ts'
import { explain } from '../lib/error-hints.ts'
import { stepAtOrBefore } from '../lib/run/step-ticks.ts'

/** The step that every panel of a view shows, and the checkpoints of the runs that the view is about. */
export class Scrubber {
  /** Null follows the newest. */
  step = $state<number | null>(null)
  problem = $state('')
  /** Steps of the checkpoints by run, ascending. */
  private readonly checkpoints = new SvelteMap<string, readonly number[]>()
  /** The newest checkpoint of each run as it was when they were asked for. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from it
  private readonly asked = new Map<string, number | null>()
  private readonly client: Client

  constructor(client: Client) {
    this.client = client
  }

  /** Takes over what is known of a run's checkpoints already. */
  take(runId: string, steps: readonly number[]): void {
    this.checkpoints.set(
      runId,
      [...steps].sort((a, b) => a - b),
    )
  }

  /** Asks for the checkpoints of a run when another one is its newest than at the last time. */
  async load(runId: string, newest: number | null): Promise<void> {
    if (this.asked.get(runId) === newest) return
    this.asked.set(runId, newest)
    try {
      const found = await this.client.call('checkpoints.list', { runId })
      this.take(
        runId,
        found.map(({ step }) => step),
      )
      this.problem = ''
    } catch (error) {
      this.asked.delete(runId)
      this.problem = explain(error)
    }
  }

  /** The checkpoint of a run that is shown: the newest at or before the step, else its first; null without any. */
  checkpointOf(runId: string): number | null {
    return stepAtOrBefore(this.checkpoints.get(runId) ?? [], this.step)
  }

  /** Whether it is known which checkpoints a run has. */
  knows(runId: string): boolean {
    return this.checkpoints.has(runId)
  }

  /** The steps at which any of these runs has a checkpoint, ascending. */
  ticks(runIds: readonly string[]): number[] {
    const steps = runIds.flatMap((id) => this.checkpoints.get(id) ?? [])
    return steps.filter((step, index) => steps.indexOf(step) === index).sort((a, b) => a - b)
  }
}
