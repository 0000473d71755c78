import type { Client } from '../../../src-core/contract/client.ts'
import type { FiltersArtifact, RecordedFilters } from '../../../src-core/domain/evaluation/artifact.ts'
import { explain } from '../../lib/error-hints.ts'

/** The first kernels that a run kept from its beginning on. Once they are asked for, those of new steps follow. */
export class FilterHistory {
  /** In the order of their steps; null until they are known. */
  kept = $state.raw<readonly FiltersArtifact[] | null>(null)
  problem = $state('')
  private readonly client: Client
  private readonly runId: string
  private readonly unsubscribe: (() => void)[]
  private wanted = false
  /** The newest that is known: only what was recorded after it is asked for. */
  private newestId = 0
  /** Counts the rewinds: an answer from before one holds what is gone. */
  private rewinds = 0
  /** One question at a time, so that each begins after what the one before brought. */
  private asked: Promise<void> = Promise.resolve()

  constructor(client: Client, runId: string) {
    this.client = client
    this.runId = runId
    this.unsubscribe = [
      client.on('artifact.recorded', ({ runId, artifact }) => {
        if (runId === this.runId && artifact.kind === 'filters' && this.wanted) void this.load()
      }),
      client.on('metrics.rewound', ({ runId }) => {
        if (runId === this.runId) this.rewind()
      }),
    ]
  }

  /** Asks for those that are not known yet. */
  load(): Promise<void> {
    this.wanted = true
    this.asked = this.asked.then(() => this.askNext())
    return this.asked
  }

  dispose(): void {
    this.unsubscribe.forEach((end) => end())
  }

  /** What was known stays to be seen until the new answer is here. */
  private rewind(): void {
    this.rewinds += 1
    this.newestId = 0
    if (this.wanted) void this.load()
  }

  private async askNext(): Promise<void> {
    const { rewinds, runId, newestId } = this
    try {
      const found = await this.client.call('artifacts.filters', { runId, after: newestId })
      // The rewind has asked anew.
      if (rewinds !== this.rewinds) return
      this.take(found, newestId === 0 ? [] : (this.kept ?? []))
      this.problem = ''
    } catch (error) {
      if (rewinds === this.rewinds) this.problem = explain(error)
    }
  }

  private take(found: readonly RecordedFilters[], known: readonly FiltersArtifact[]): void {
    this.kept = [...known, ...found.map(({ filters }) => filters)].sort((a, b) => a.step - b.step)
    this.newestId = found.reduce((newest, { id }) => Math.max(newest, id), this.newestId)
  }
}
