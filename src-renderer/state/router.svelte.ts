export type Route =
  | { readonly view: 'runs' }
  | { readonly view: 'run'; readonly runId: string }
  | { readonly view: 'new' }
  | { readonly view: 'compare' }
  | { readonly view: 'exports'; readonly runId?: string }
  | { readonly view: 'settings' }

const longestHistory = 50

/** Which view is shown, and where Esc leads back to. */
export class Router {
  route = $state.raw<Route>({ view: 'runs' })
  private history: Route[] = []

  go(route: Route): void {
    if (JSON.stringify(route) === JSON.stringify(this.route)) return
    this.history = [...this.history, this.route].slice(-longestHistory)
    this.route = route
  }

  back(): void {
    this.route = this.history.pop() ?? { view: 'runs' }
  }
}
