import { SvelteMap } from 'svelte/reactivity'
import type { Client } from '../../../src-core/contract/client.ts'
import type { CheckpointRecord } from '../../../src-core/domain/checkpoint.ts'
import { explain } from '../../lib/error-hints.ts'
import { RunInspection } from '../inspection/run-inspection.svelte.ts'

/** A run whose network is looked at beside others. */
export class InspectedRun {
  readonly inspection: RunInspection
  /** Its newest checkpoint; undefined until it is known, null when it has none. */
  checkpoint = $state.raw<CheckpointRecord | null | undefined>(undefined)
  problem = $state('')
  private readonly client: Client
  private readonly runId: string

  constructor(client: Client, runId: string) {
    this.client = client
    this.runId = runId
    this.inspection = new RunInspection(client, runId)
  }

  async load(): Promise<void> {
    try {
      const checkpoints = await this.client.call('checkpoints.list', { runId: this.runId })
      this.checkpoint = checkpoints[0] ?? null
      this.problem = ''
    } catch (error) {
      this.problem = explain(error)
    }
  }
}

/** The runs of a comparison whose networks are looked at, for as long as a panel does. */
export class InspectedRuns {
  private readonly byRun = new SvelteMap<string, InspectedRun>()
  private readonly client: Client

  constructor(client: Client) {
    this.client = client
  }

  /** Takes up the runs that are new, and lets go of those that are gone. */
  show(runIds: readonly string[]): void {
    for (const id of [...this.byRun.keys()]) if (!runIds.includes(id)) this.byRun.delete(id)
    for (const id of runIds) {
      if (this.byRun.has(id)) continue
      const inspected = new InspectedRun(this.client, id)
      this.byRun.set(id, inspected)
      void inspected.load()
    }
  }

  get(runId: string): InspectedRun | null {
    return this.byRun.get(runId) ?? null
  }
}
