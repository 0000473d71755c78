import { SvelteMap } from 'svelte/reactivity'
import type { Client } from '../../src-core/contract/client.ts'
import type { ExportRecord } from '../../src-core/domain/model-export.ts'
import type { Notices } from './notices.svelte.ts'

/** What was exported, and what is being exported now. */
export class Exports {
  records = $state.raw<readonly ExportRecord[]>([])
  loaded = $state(false)
  /** The stage of each export under way, by run. */
  readonly stages = new SvelteMap<string, string>()
  private readonly client: Client
  private readonly notices: Notices

  constructor(client: Client, notices: Notices) {
    this.client = client
    this.notices = notices
    client.on('export.progress', ({ runId, stage }) => {
      if (this.stages.has(runId)) this.stages.set(runId, stage)
    })
    client.on('export.created', ({ record }) => this.take(record))
  }

  async load(): Promise<void> {
    this.records = (await this.notices.attempt(this.client.call('exports.list'))) ?? this.records
    this.loaded = true
  }

  async create(runId: string): Promise<ExportRecord | null> {
    if (this.stages.has(runId)) return null
    this.stages.set(runId, 'Starting')
    const record = await this.notices.attempt(this.client.call('exports.create', { runId, format: 'tfjs' }))
    this.stages.delete(runId)
    if (record) this.take(record)
    return record
  }

  async reveal(exportId: number): Promise<void> {
    await this.notices.attempt(this.client.call('exports.reveal', { exportId }))
  }

  private take(record: ExportRecord): void {
    this.records = [record, ...this.records.filter(({ id }) => id !== record.id)]
  }
}
