import type { Client } from '../../../src-core/contract/client.ts'
import type { ProcedureOutput } from '../../../src-core/contract/procedures/index.ts'
import { explain } from '../../lib/error-hints.ts'

/** The newest value of each metric at or before a step. */
export type ValuesAt = ProcedureOutput<'metrics.at'>[number]

/** While a slider is dragged nothing is asked for. */
const settleTime = 80

/** What runs had reached at a step. What was asked for last stays until the next answer is here. */
export class StepValues {
  shown = $state.raw<{ readonly step: number; readonly byRun: Readonly<Record<string, ValuesAt>> } | null>(null)
  problem = $state('')
  private timer: ReturnType<typeof setTimeout> | undefined
  /** Counts the wishes: an answer to an earlier one comes too late. */
  private wishes = 0
  private readonly client: Client

  constructor(client: Client) {
    this.client = client
  }

  /** Asks for the values at a step; null shows none. */
  want(runIds: readonly string[], step: number | null): void {
    clearTimeout(this.timer)
    this.wishes += 1
    if (step === null || runIds.length === 0) this.shown = null
    else this.timer = setTimeout(() => void this.fetch(runIds, step), settleTime)
  }

  dispose(): void {
    clearTimeout(this.timer)
    this.wishes += 1
  }

  private async fetch(runIds: readonly string[], step: number): Promise<void> {
    const { wishes } = this
    try {
      const found = await this.client.call('metrics.at', { runIds: [...runIds], step })
      if (wishes !== this.wishes) return
      this.shown = { step, byRun: Object.fromEntries(runIds.map((id, index) => [id, found[index] ?? {}])) }
      this.problem = ''
    } catch (error) {
      if (wishes === this.wishes) this.problem = explain(error)
    }
  }
}
