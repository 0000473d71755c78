import type { Client } from '../../../src-core/contract/client.ts'
import type { Grid } from '../../../src-core/domain/grid/grid.ts'
import type { Notices } from '../notices.svelte.ts'

/** The grids of the workspace, newest first. */
export class Grids {
  all = $state.raw<readonly Grid[]>([])
  private readonly client: Client
  private readonly notices: Notices

  constructor(client: Client, notices: Notices) {
    this.client = client
    this.notices = notices
  }

  async load(): Promise<void> {
    const found = await this.notices.attempt(this.client.call('grids.list'))
    if (found) this.all = found
  }

  get(id: number | null): Grid | undefined {
    return this.all.find((grid) => grid.id === id)
  }

  /** The newest grid to which all these runs belong. */
  holding(runIds: readonly string[]): Grid | undefined {
    return this.all.find(({ runs }) => {
      // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from it
      const members = new Set(runs.map(({ runId }) => runId))
      return runIds.every((id) => members.has(id))
    })
  }
}
