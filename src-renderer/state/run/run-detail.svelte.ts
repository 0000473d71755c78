import type { Client } from '../../../src-core/contract/client.ts'
import type { RunEvent } from '../../../src-core/contract/procedures/index.ts'
import type { CheckpointRecord } from '../../../src-core/domain/checkpoint.ts'
import { explain } from '../../lib/error-hints.ts'
import { ChartOptions } from '../charts/chart-options.svelte.ts'
import { SeriesSet } from '../charts/series.svelte.ts'
import { RunInspection } from '../inspection/run-inspection.svelte.ts'
import { OpenTab } from '../layout/open-tab.svelte.ts'
import { Scrubber } from '../scrubber.svelte.ts'
import { RunArtifacts } from './run-artifacts.svelte.ts'

/** One run in full: its curves, what it left, and what happened to it. */
export class RunDetail {
  readonly options = new ChartOptions(() => this.scrubber.step)
  /** The step that every panel of the run shows. A panel asks it for its step, or for the checkpoint to look at. */
  readonly scrubber: Scrubber
  readonly series: SeriesSet
  readonly artifacts: RunArtifacts
  readonly inspection: RunInspection
  /** Which of the run's views is open. */
  readonly tab: OpenTab
  events = $state.raw<readonly RunEvent[] | null>(null)
  eventsProblem = $state('')
  /** Newest first; null until they are loaded. */
  checkpoints = $state.raw<readonly CheckpointRecord[] | null>(null)
  checkpointsProblem = $state('')
  private readonly client: Client
  private readonly runId: string

  /** `tab` is shared by the runs that are opened one after the other. */
  constructor(client: Client, runId: string, metrics: readonly string[], tab = new OpenTab('runTab', 'curves')) {
    this.client = client
    this.runId = runId
    this.tab = tab
    this.scrubber = new Scrubber(client)
    this.series = new SeriesSet(client, metrics)
    this.artifacts = new RunArtifacts(client, runId)
    this.inspection = new RunInspection(client, runId)
  }

  showCurves(): Promise<void> {
    return this.series.show([this.runId], this.options.queried)
  }

  async loadEvents(): Promise<void> {
    try {
      this.events = await this.client.call('runs.events', { runId: this.runId })
      this.eventsProblem = ''
    } catch (error) {
      this.eventsProblem = explain(error)
    }
  }

  async loadCheckpoints(): Promise<void> {
    try {
      this.checkpoints = await this.client.call('checkpoints.list', { runId: this.runId })
      this.scrubber.take(
        this.runId,
        this.checkpoints.map(({ step }) => step),
      )
      this.checkpointsProblem = ''
    } catch (error) {
      this.checkpointsProblem = explain(error)
    }
  }

  dispose(): void {
    this.series.dispose()
    this.artifacts.dispose()
    this.inspection.dispose()
  }
}
