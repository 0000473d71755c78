import type { Client } from '../../src-core/contract/client.ts'
import type { ApplicationInfo, ProcedureOutput } from '../../src-core/contract/procedures/index.ts'
import type { DatasetInfo } from '../../src-core/domain/dataset.ts'
import type { Notices } from './notices.svelte.ts'

/** Disk use is counted file by file, so it is asked for rarely. */
const usageDelay = 3_000

/** The application, the machine, the data sets and the space that the workspace takes. */
export class System {
  info = $state.raw<ApplicationInfo | null>(null)
  usage = $state.raw<ProcedureOutput<'app.usage'> | null>(null)
  datasets = $state.raw<readonly DatasetInfo[]>([])
  readonly diskUsed: number | null = $derived(
    this.usage &&
      this.usage.databaseBytes + this.usage.checkpointBytes + this.usage.datasetBytes + this.usage.exportBytes,
  )
  private readonly client: Client
  private readonly notices: Notices
  private timer: ReturnType<typeof setTimeout> | undefined
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from it
  private checkpoints = new Map<string, number | null>()

  constructor(client: Client, notices: Notices) {
    this.client = client
    this.notices = notices
    client.on('run.purged', () => this.usageChanged())
    client.on('export.created', () => this.usageChanged())
    client.on('run.changed', ({ run }) => {
      if (this.checkpoints.get(run.id) !== run.checkpointStep) this.usageChanged()
      this.checkpoints.set(run.id, run.checkpointStep)
      if (run.environment && this.info?.environment === null) void this.loadInfo()
    })
  }

  async load(): Promise<void> {
    const datasets = this.notices.attempt(this.client.call('datasets.list'))
    await Promise.all([this.loadInfo(), this.loadUsage()])
    this.datasets = (await datasets) ?? []
  }

  dataset(id: string): DatasetInfo | undefined {
    return this.datasets.find((dataset) => dataset.id === id)
  }

  async openWorkspace(): Promise<void> {
    await this.notices.attempt(this.client.call('app.openWorkspaceFolder'))
  }

  private async loadInfo(): Promise<void> {
    this.info = (await this.notices.attempt(this.client.call('app.info'))) ?? this.info
  }

  private async loadUsage(): Promise<void> {
    this.usage = (await this.notices.attempt(this.client.call('app.usage'))) ?? this.usage
  }

  private usageChanged(): void {
    if (this.timer) return
    this.timer = setTimeout(() => {
      this.timer = undefined
      void this.loadUsage()
    }, usageDelay)
  }
}
