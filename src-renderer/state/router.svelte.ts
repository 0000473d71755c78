import { z } from 'zod'

export const routeSchema = z.discriminatedUnion('view', [
  z.object({ view: z.literal('runs') }),
  z.object({ view: z.literal('run'), runId: z.string() }),
  z.object({ view: z.literal('new') }),
  z.object({ view: z.literal('compare') }),
  z.object({ view: z.literal('exports'), runId: z.string().optional() }),
  z.object({ view: z.literal('settings') }),
])
export type Route = Readonly<z.infer<typeof routeSchema>>

const first: Route = { view: 'runs' }
const longestHistory = 50

/** Which view is shown, and where Esc leads back to. */
export class Router {
  route = $state.raw<Route>(first)
  private history: Route[] = []

  /** Whether nobody has gone anywhere yet. */
  get untouched(): boolean {
    return this.route === first
  }

  go(route: Route): void {
    if (JSON.stringify(route) === JSON.stringify(this.route)) return
    this.history = [...this.history, this.route].slice(-longestHistory)
    this.route = route
  }

  back(): void {
    this.route = this.history.pop() ?? first
  }
}
