import type { Artifact, ArtifactHeader } from '../../../src-core/domain/evaluation/artifact.ts'
import type { RunArtifacts } from './run-artifacts.svelte.ts'

/** The artifact that a panel shows. The one that was asked for last stays until the next one is here. */
export class ShownArtifact {
  private readonly artifacts: RunArtifacts
  private shown = $state.raw<number | null>(null)

  /** Made while a component is set up. @param header what is to be shown; undefined for nothing yet. */
  constructor(artifacts: RunArtifacts, header: () => ArtifactHeader | undefined) {
    this.artifacts = artifacts
    $effect(() => {
      const id = header()?.id
      if (id === undefined) return
      void artifacts.fetch(id)
      if (artifacts.get(id)) this.shown = id
    })
  }

  get body(): Artifact | null {
    return this.shown === null ? null : this.artifacts.get(this.shown)
  }
}
