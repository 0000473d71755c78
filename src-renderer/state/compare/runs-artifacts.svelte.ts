import { SvelteMap } from 'svelte/reactivity'
import type { Client } from '../../../src-core/contract/client.ts'
import type { Artifact, ArtifactHeader } from '../../../src-core/domain/evaluation/artifact.ts'
import { RunArtifacts } from '../run/run-artifacts.svelte.ts'

/** What several runs left beside their metrics, for as long as a panel looks at them. */
export class RunsArtifacts {
  private readonly byRun = new SvelteMap<string, RunArtifacts>()
  private readonly client: Client

  constructor(client: Client) {
    this.client = client
  }

  /** Takes up the runs that are new, and lets go of those that are gone. */
  show(runIds: readonly string[]): void {
    for (const [id, artifacts] of this.byRun) {
      if (runIds.includes(id)) continue
      artifacts.dispose()
      this.byRun.delete(id)
    }
    for (const id of runIds) {
      if (this.byRun.has(id)) continue
      const artifacts = new RunArtifacts(this.client, id)
      this.byRun.set(id, artifacts)
      void artifacts.load()
    }
  }

  /** Null while they are not there yet. */
  headers(runId: string): readonly ArtifactHeader[] | null {
    return this.byRun.get(runId)?.headers ?? null
  }

  /** The body of an artifact when it is here. */
  body(runId: string, header: ArtifactHeader | undefined): Artifact | null {
    return header ? (this.byRun.get(runId)?.get(header.id) ?? null) : null
  }

  fetch(runId: string, header: ArtifactHeader | undefined): void {
    if (header) void this.byRun.get(runId)?.fetch(header.id)
  }

  /** What went wrong, run by run; empty when nothing did. */
  get problem(): string {
    return [...this.byRun.values()].find(({ problem }) => problem !== '')?.problem ?? ''
  }

  dispose(): void {
    for (const artifacts of this.byRun.values()) artifacts.dispose()
    this.byRun.clear()
  }
}
