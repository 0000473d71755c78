import { SvelteMap } from 'svelte/reactivity'
import type { Client } from '../../../src-core/contract/client.ts'
import type { Artifact, ArtifactHeader } from '../../../src-core/domain/evaluation/artifact.ts'
import { surplusProfiles } from '../../../src-core/domain/profile/step-profile.ts'
import { explain } from '../../lib/error-hints.ts'

/** A matrix of 200 classes has 40,000 numbers: the bodies looked at longest ago are forgotten. */
const mostBodies = 40

/** What a run left beside its metrics: the list is kept current, bodies are fetched when they are looked at. */
export class RunArtifacts {
  /** In the order of their steps; null until they are loaded. */
  headers = $state.raw<readonly ArtifactHeader[] | null>(null)
  problem = $state('')
  private readonly bodies = new SvelteMap<number, Artifact>()
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from it
  private readonly asked = new Set<number>()
  private readonly client: Client
  private readonly runId: string
  /** Counts the rewinds: a list from before one names what is gone. */
  private rewinds = 0
  private readonly unsubscribe: (() => void)[]

  constructor(client: Client, runId: string) {
    this.client = client
    this.runId = runId
    this.unsubscribe = [
      client.on('artifact.recorded', ({ runId, artifact }) => {
        if (runId === this.runId) this.take([artifact])
      }),
      client.on('metrics.rewound', ({ runId }) => {
        if (runId === this.runId) void this.reload()
      }),
    ]
  }

  async load(): Promise<void> {
    const { rewinds } = this
    try {
      const found = await this.client.call('artifacts.list', { runId: this.runId })
      if (rewinds !== this.rewinds) return
      this.take(found)
      this.problem = ''
    } catch (error) {
      if (rewinds === this.rewinds) this.problem = explain(error)
    }
  }

  /** The artifact when it is here; asks for it otherwise. */
  async fetch(artifactId: number): Promise<void> {
    if (this.bodies.has(artifactId) || this.asked.has(artifactId)) return
    this.asked.add(artifactId)
    try {
      const body = await this.client.call('artifacts.get', { artifactId })
      this.bodies.set(artifactId, body)
      if (this.bodies.size > mostBodies) this.bodies.delete(this.bodies.keys().next().value!)
      this.problem = ''
    } catch (error) {
      this.problem = explain(error)
    } finally {
      this.asked.delete(artifactId)
    }
  }

  get(artifactId: number): Artifact | null {
    return this.bodies.get(artifactId) ?? null
  }

  dispose(): void {
    this.unsubscribe.forEach((end) => end())
  }

  /** After a rewind some are gone, and those of repeated steps come anew. */
  private async reload(): Promise<void> {
    this.rewinds += 1
    this.headers = null
    this.bodies.clear()
    await this.load()
  }

  private take(found: readonly ArtifactHeader[]): void {
    const others = (this.headers ?? []).filter((header) => !found.some(({ id }) => id === header.id))
    const all = [...others, ...found].sort((a, b) => a.step - b.step || a.id - b.id)
    // As the record does, which keeps the newest alone.
    const surplus = surplusProfiles(all.filter(({ kind }) => kind === 'profile'))
    this.headers = all.filter((header) => !surplus.includes(header))
  }
}
