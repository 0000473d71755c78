import { SvelteSet } from 'svelte/reactivity'
import type { Run } from '../../src-core/domain/run.ts'
import { bestHeading, type BestHeading } from '../lib/run/best.ts'
import { inScope, matchesFilter, sortRuns, type RunScope, type Sorting } from '../lib/run/run-table.ts'
import type { Runs } from './runs.svelte.ts'

/** What the runs table shows and where the user is in it. */
export class RunTable {
  scope = $state<RunScope>('all')
  filter = $state('')
  sorting = $state.raw<Sorting>({ column: 'created', descending: true })
  currentId = $state<string | null>(null)
  renamingId = $state<string | null>(null)
  readonly selected = new SvelteSet<string>()
  private readonly runs: Runs

  readonly inScope: Run[] = $derived.by(() => this.runs.all.filter((run) => inScope(run, this.scope)))
  readonly rows: Run[] = $derived.by(() =>
    sortRuns(
      this.inScope.filter((run) => matchesFilter(run, this.filter)),
      this.sorting,
    ),
  )
  /** What the column of best values is about. */
  readonly best: BestHeading = $derived.by(() => bestHeading(this.rows))
  readonly current: Run | null = $derived.by(() => this.rows.find((run) => run.id === this.currentId) ?? null)
  /** Only what is shown counts, so that no action touches a run out of sight. */
  readonly selectedRuns: Run[] = $derived.by(() => this.rows.filter((run) => this.selected.has(run.id)))

  constructor(runs: Runs) {
    this.runs = runs
  }

  count(scope: RunScope): number {
    return this.runs.all.filter((run) => inScope(run, scope)).length
  }

  sortBy(column: string): void {
    const { sorting } = this
    this.sorting = { column, descending: sorting.column === column ? !sorting.descending : column !== 'name' }
  }

  show(scope: RunScope): void {
    this.scope = scope
    this.selected.clear()
  }

  toggle(id: string): void {
    if (!this.selected.delete(id)) this.selected.add(id)
  }

  toggleAll(): void {
    if (this.selectedRuns.length === this.rows.length) this.selected.clear()
    else for (const run of this.rows) this.selected.add(run.id)
  }

  /** Selects everything between the current row and this one. */
  selectTo(id: string): void {
    const from = Math.max(0, this.indexOf(this.currentId))
    const to = this.indexOf(id)
    const [first, last] = from < to ? [from, to] : [to, from]
    for (const run of this.rows.slice(first, last + 1)) this.selected.add(run.id)
  }

  /** Moves the current row by so many, staying inside the table. */
  step(by: number): void {
    if (this.rows.length === 0) return
    const from = this.indexOf(this.currentId)
    const to = from < 0 ? 0 : Math.max(0, Math.min(this.rows.length - 1, from + by))
    this.currentId = this.rows[to]!.id
  }

  /** The runs that an action means: the selected ones when the run is one of them, otherwise the run alone. */
  meant(run: Run): Run[] {
    return this.selected.has(run.id) ? this.selectedRuns : [run]
  }

  /** Before runs leave the table: the next one that stays becomes the current one. */
  leaveBehind(ids: readonly string[]): void {
    if (!this.currentId || !ids.includes(this.currentId)) return
    const from = this.indexOf(this.currentId)
    const after = this.rows.slice(from).find(({ id }) => !ids.includes(id))
    const before = this.rows.slice(0, from).findLast(({ id }) => !ids.includes(id))
    this.currentId = (after ?? before)?.id ?? null
  }

  private indexOf(id: string | null): number {
    return this.rows.findIndex((run) => run.id === id)
  }
}
