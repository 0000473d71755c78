import { SvelteMap } from 'svelte/reactivity'
import type { Client } from '../../../src-core/contract/client.ts'
import type { CheckpointRecord } from '../../../src-core/domain/checkpoint.ts'
import { explain } from '../../lib/error-hints.ts'
import { placeOfStep } from '../../lib/evaluation/evaluations.ts'
import { RunInspection } from '../inspection/run-inspection.svelte.ts'

/** A run whose network is looked at beside others. */
export class InspectedRun {
  readonly inspection: RunInspection
  /** In the order of their steps; undefined until they are known. */
  private checkpoints = $state.raw<readonly CheckpointRecord[] | undefined>(undefined)
  /** The checkpoint that is looked at, the newest at or before the step; undefined until known, null without any. */
  readonly checkpoint: CheckpointRecord | null | undefined = $derived.by(
    () => this.checkpoints && (this.checkpoints[placeOfStep(this.checkpoints, this.step())] ?? null),
  )
  problem = $state('')
  private readonly client: Client
  private readonly runId: string
  private readonly step: () => number | null

  constructor(client: Client, runId: string, step: () => number | null) {
    this.client = client
    this.runId = runId
    this.step = step
    this.inspection = new RunInspection(client, runId)
  }

  /** Step of its newest checkpoint; undefined until it is known. */
  get newestStep(): number | null | undefined {
    return this.checkpoints && (this.checkpoints.at(-1)?.step ?? null)
  }

  async load(): Promise<void> {
    try {
      this.checkpoints = (await this.client.call('checkpoints.list', { runId: this.runId })).reverse()
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
  private readonly step: () => number | null

  /** @param step the step at which the networks are looked at; null for their newest checkpoints */
  constructor(client: Client, step: () => number | null) {
    this.client = client
    this.step = step
  }

  /** Takes up the runs that are new, and lets go of those that are gone. */
  show(runIds: readonly string[]): void {
    for (const id of [...this.byRun.keys()]) if (!runIds.includes(id)) this.drop(id)
    for (const id of runIds) {
      if (this.byRun.has(id)) continue
      const inspected = new InspectedRun(this.client, id, this.step)
      this.byRun.set(id, inspected)
      void inspected.load()
    }
  }

  get(runId: string): InspectedRun | null {
    return this.byRun.get(runId) ?? null
  }

  dispose(): void {
    for (const id of [...this.byRun.keys()]) this.drop(id)
  }

  private drop(runId: string): void {
    this.byRun.get(runId)?.inspection.dispose()
    this.byRun.delete(runId)
  }
}
