import { untrack } from 'svelte'
import { z } from 'zod'
import type { LayoutValue } from '../../../src-core/domain/layout.ts'
import type { Comparison } from '../comparison.svelte.ts'
import { routeSchema, type Route, type Router } from '../router.svelte.ts'
import type { Runs } from '../runs.svelte.ts'
import type { LayoutStore } from './layout-store.svelte.ts'

const section = 'place'
const placeSchema = z.object({ route: routeSchema, compared: z.array(z.string()) })
type Place = z.infer<typeof placeSchema>
const nowhere: Place = { route: { view: 'runs' }, compared: [] }

/** Where the user was when the window closed: the open view and the compared runs, kept in the workspace. */
export class RememberedPlace {
  /** Whether the view that was open last time is shown again; until then there is none to show. */
  found = $state(false)
  private readonly layout: LayoutStore
  private readonly router: Router
  private readonly comparison: Comparison
  private readonly runs: Runs

  constructor(layout: LayoutStore, router: Router, comparison: Comparison, runs: Runs) {
    this.layout = layout
    this.router = router
    this.comparison = comparison
    this.runs = runs
  }

  /**
   * Brings back the compared runs, and the view unless the user has gone elsewhere meanwhile. Runs that were deleted are
   * left out. `runsLoaded` must be waited for by every view but the table, which fills as its rows come.
   */
  async restore(layoutLoaded: Promise<void>, runsLoaded: Promise<void>): Promise<void> {
    await layoutLoaded
    const { route, compared } = this.layout.read(section, placeSchema, nowhere)
    if (route.view === 'runs' && compared.length === 0) this.found = true
    await runsLoaded
    if (this.comparison.runIds.length === 0) this.comparison.choose(compared.filter((id) => this.isKept(id)))
    if (this.router.untouched) this.router.go(this.reachable(route))
    this.found = true
  }

  /** Remembers where the user is, once it is known. To be called in an effect. */
  keep(): void {
    const { route } = this.router
    const compared = [...this.comparison.runIds]
    if (!this.found) return
    untrack(() => {
      const place: Place = { route, compared }
      const before = this.layout.read(section, placeSchema, nowhere)
      if (JSON.stringify(place) !== JSON.stringify(before)) this.layout.write(section, place as LayoutValue, null)
    })
  }

  private isKept(id: string): boolean {
    return this.runs.peek(id)?.deletedAt === null
  }

  private reachable(route: Route): Route {
    if (!('runId' in route) || route.runId === undefined || this.isKept(route.runId)) return route
    return route.view === 'run' ? { view: 'runs' } : { view: route.view }
  }
}
