import { SvelteSet } from 'svelte/reactivity'
import type { Client } from '../../src-core/contract/client.ts'
import { gatherRuns, type RunSet } from '../../src-core/domain/comparison/groups.ts'
import type { MetricDirection } from '../../src-core/domain/metrics.ts'
import type { Run } from '../../src-core/domain/run.ts'
import { compileQuery, type QuerySource } from '../../src-core/domain/query/evaluate.ts'
import { parseQuery } from '../../src-core/domain/query/parse.ts'
import { QueryError, type Query } from '../../src-core/domain/query/query.ts'
import { runFieldReaders, runSource, valueAtPath } from '../../src-core/domain/query/run-source.ts'
import { bestHeading, type BestHeading } from '../lib/run/best.ts'
import { inScope, runScopes, type RunScope } from '../lib/run/run-table.ts'
import { nameFamilies, type NameFamilies } from '../lib/runs/run-labels.ts'
import { differs, rowsOf, sortRuns, type TableRow } from '../lib/table/arrange.ts'
import { columnOf, meaningOfHead, type TableColumn } from '../lib/table/columns.ts'
import { runColumnIds } from '../lib/table/run-columns.ts'
import { oneOfEachVariant, pathsOf, successorOf } from '../lib/table/run-sets.ts'
import { tellingPaths } from '../lib/table/telling-paths.ts'
import type { LayoutStore } from './layout/layout-store.svelte.ts'
import type { Runs } from './runs.svelte.ts'
import { Sparklines } from './table/sparklines.svelte.ts'
import { TableLayout } from './table/table-layout.svelte.ts'

interface ReadQuery {
  readonly query: Query
  readonly matches: ((run: Run) => boolean) | null
  readonly error: QueryError | null
}

/** What the runs table shows and where the user is in it. */
export class RunTable {
  scope = $state<RunScope>('all')
  currentId = $state<string | null>(null)
  /** The group whose head has the focus. */
  currentGroup = $state<string | null>(null)
  renamingId = $state<string | null>(null)
  /** The runs whose tags are being changed. */
  tagging = $state.raw<readonly Run[] | null>(null)
  readonly selected = new SvelteSet<string>()
  readonly folded = new SvelteSet<string>()
  readonly layout: TableLayout
  readonly sparklines: Sparklines
  private readonly runs: Runs
  /** Keys of the lines where the selected range begins and ends; it goes on while its end is the current line. */
  private range: { readonly from: string; readonly to: string } | null = null

  /** Told apart from the progress of what trains, so that ten thousand rows are not arranged anew for each step. */
  readonly known: Run[] = $derived.by(() => {
    void this.runs.version
    return this.list()
  })
  readonly inScope: Run[] = $derived.by(() => this.known.filter((run) => inScope(run, this.scope)))
  /** How many runs each scope holds. */
  readonly counts: Readonly<Record<RunScope, number>> = $derived.by(() => {
    const counts = Object.fromEntries(runScopes.map((scope) => [scope, 0])) as Record<RunScope, number>
    for (const run of this.known) for (const scope of runScopes) if (inScope(run, scope)) counts[scope]++
    return counts
  })
  /** One run of every variant: enough to know which fields there are. */
  readonly variants: Run[] = $derived.by(() => oneOfEachVariant(this.known))
  readonly paths: string[] = $derived.by(() => pathsOf(this.variants))
  /** Which names begin alike, so that they are cut where they tell least. */
  readonly families: NameFamilies = $derived.by(() => nameFamilies(this.known.map(({ name }) => name)))
  readonly metrics: string[] = $derived.by(() => {
    void this.runs.version
    return this.runs.summaries.metrics()
  })
  readonly read: ReadQuery = $derived.by(() => this.readQuery(this.filter))
  /** What the column of best values is about. */
  readonly best: BestHeading = $derived.by(() => bestHeading(this.inScope))
  readonly rows: Run[] = $derived.by(() => this.arrange())
  readonly groups: RunSet[] | null = $derived.by(() => {
    const { group } = this.layout.settings
    return group.length === 0 ? null : gatherRuns(this.rows, group)
  })
  readonly groupPaths: string[] = $derived.by(() => tellingPaths(this.groups ?? [], this.layout.settings.group))
  /** The shown columns in their order, the pinned ones first. */
  readonly columns: TableColumn[] = $derived.by(() => this.shownColumns())
  readonly lines: TableRow[] = $derived.by(() => rowsOf(this.rows, this.groups, this.folded))
  /** The baseline while it is not in the trash. */
  readonly baseline: Run | null = $derived.by(() => {
    const id = this.layout.settings.baseline
    const run = id === null ? undefined : this.runs.get(id)
    return run?.deletedAt === null ? run : null
  })
  readonly current: Run | null = $derived.by(() => {
    const id = this.currentId
    if (id === null) return null
    const isShown = this.rows.some((run) => run.id === id) || this.baseline?.id === id
    return isShown ? (this.runs.get(id) ?? null) : null
  })
  /**
   * Only runs that the scope and the filter leave in the table count, so that no action touches one out of sight. The
   * head of a folded group says how many of its runs are selected.
   */
  readonly selectedRuns: Run[] = $derived.by(() =>
    this.selected.size === 0 ? [] : this.rows.filter((run) => this.selected.has(run.id)).map((run) => this.fresh(run)),
  )

  constructor(runs: Runs, layout: LayoutStore, client: Client) {
    this.runs = runs
    this.layout = new TableLayout(layout)
    this.sparklines = new Sparklines(client)
  }

  get filter(): string {
    return this.layout.settings.query
  }

  set filter(query: string) {
    this.layout.change({ query }, null)
  }

  private list(): Run[] {
    return this.runs.snapshot()
  }

  private fresh(run: Run): Run {
    return this.runs.get(run.id) ?? run
  }

  private source(): QuerySource<Run> {
    return runSource(
      () => this.variants.map(({ spec }) => spec),
      () => this.metrics,
      (runId, metric, statistic) => this.runs.summaries.value(runId, metric, statistic),
      (name) => meaningOfHead(name, this.allColumns()),
    )
  }

  /** Every name that a query can ask for. */
  get queryNames(): string[] {
    return [...Object.keys(runFieldReaders), ...this.paths, ...this.metrics]
  }

  private readQuery(text: string): ReadQuery {
    try {
      const query = parseQuery(text)
      return { query, matches: query.kind === 'all' ? null : compileQuery(query, this.source()), error: null }
    } catch (error) {
      if (!(error instanceof QueryError)) throw error
      return { query: { kind: 'all' }, matches: null, error }
    }
  }

  private column(id: string): TableColumn | null {
    return columnOf(id, {
      summaries: this.runs.summaries,
      best: this.best,
      isNumeric: (path) => {
        const keys = path.split('.')
        return this.variants.some(({ spec }) => typeof valueAtPath(spec, keys) === 'number')
      },
    })
  }

  private arrange(): Run[] {
    const { sort } = this.layout.settings
    const keys = sort.flatMap(({ column: id, descending }) => {
      const column = this.column(id)
      return column ? [{ column, descending }] : []
    })
    const { matches, query } = this.read
    // Only then does the order or the choice depend on how far runs have come.
    if (keys.some(({ column }) => column.live) || asksForProgress(query)) void this.runs.pace
    const present = this.inScope.map((run) => this.runs.peek(run.id) ?? run)
    return sortRuns(matches ? present.filter(matches) : present, keys)
  }

  private shownColumns(): TableColumn[] {
    const { columns, pinned, differencesOnly } = this.layout.settings
    const order = [...columns.filter((id) => pinned.includes(id)), ...columns.filter((id) => !pinned.includes(id))]
    const found = order.flatMap((id) => this.column(id) ?? [])
    return differencesOnly ? found.filter((column) => differs(this.rows, column)) : found
  }

  /** Every column that can be shown, whether it is or not. */
  allColumns(): TableColumn[] {
    const metrics = this.metrics.flatMap((metric) =>
      ['last', 'best', 'min', 'max'].map((statistic) => `metric:${statistic}:${metric}`),
    )
    const ids = [
      ...runColumnIds,
      ...this.paths.filter((path) => path !== 'version').map((path) => `spec:${path}`),
      ...metrics,
    ]
    return ids.flatMap((id) => this.column(id) ?? [])
  }

  directionOf(column: TableColumn): MetricDirection {
    return this.layout.settings.directions[column.id] ?? column.direction ?? 'none'
  }

  count(scope: RunScope): number {
    return this.counts[scope]
  }

  sortBy(id: string, add = false): void {
    const column = this.column(id)
    // The first click brings the better runs to the top.
    const descendingFirst = column?.numeric === true && this.directionOf(column) !== 'lower'
    this.layout.sortBy(id, descendingFirst, add)
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

  /** Selects the runs of a group, or none of them when all are. */
  toggleRuns(runs: readonly Run[]): void {
    const all = runs.every(({ id }) => this.selected.has(id))
    for (const { id } of runs)
      if (all) this.selected.delete(id)
      else this.selected.add(id)
  }

  toggleFold(key: string): void {
    if (!this.folded.delete(key)) this.folded.add(key)
  }

  foldAll(fold: boolean): void {
    this.folded.clear()
    if (fold) for (const { key } of this.groups ?? []) this.folded.add(key)
  }

  /** Selects the runs that are shown between the current line and this run. */
  selectTo(id: string): void {
    const to = this.lines.findIndex((line) => line.key === id)
    if (to >= 0) this.extendTo(to)
  }

  /** Selects from where the range began to a line, and no longer what the range held beyond it. */
  private extendTo(to: number): void {
    const end = this.lines[Math.max(0, this.currentLine)]!.key
    const begin = this.range?.to === end ? this.range.from : end
    for (const id of this.runsBetween(begin, end)) if (begin !== end) this.selected.delete(id)
    this.range = { from: begin, to: this.lines[to]!.key }
    for (const id of this.runsBetween(begin, this.range.to)) this.selected.add(id)
  }

  /** Ids of the runs on the lines between two, both included. */
  private runsBetween(one: string, other: string): string[] {
    const places = [one, other].map((key) => this.lines.findIndex((line) => line.key === key))
    const lines = this.lines.slice(Math.max(0, Math.min(...places)), Math.max(...places) + 1)
    return lines.flatMap((line) => (line.kind === 'run' ? [line.run.id] : []))
  }

  /**
   * Moves the current row by so many, staying inside the table; the head of a group is a row as well.
   * @param extend whether the runs on the way are selected.
   */
  step(by: number, extend = false): void {
    if (this.lines.length === 0) return
    const from = this.currentLine
    const to = from < 0 ? 0 : Math.max(0, Math.min(this.lines.length - 1, from + by))
    if (extend) this.extendTo(to)
    const line = this.lines[to]!
    this.currentGroup = line.kind === 'group' ? line.group.key : null
    if (line.kind === 'run') this.currentId = line.run.id
  }

  /** The place of the current row among the lines; -1 when there is none. */
  get currentLine(): number {
    const key = this.currentGroup === null ? this.currentId : `group ${this.currentGroup}`
    return this.lines.findIndex((line) => line.key === key)
  }

  /** The runs that an action means: the selected ones when the run is one of them, otherwise the run alone. */
  meant(run: Run): Run[] {
    return this.selected.has(run.id) ? this.selectedRuns : [run]
  }

  /** Before runs leave the table: the next one that stays becomes the current one. */
  leaveBehind(ids: readonly string[]): void {
    if (this.currentId && ids.includes(this.currentId)) this.currentId = successorOf(this.rows, this.currentId, ids)
  }
}

/** Whether what a query finds changes while runs train. */
function asksForProgress(query: Query): boolean {
  if (query.kind === 'and' || query.kind === 'or') return query.parts.some(asksForProgress)
  if (query.kind === 'not') return asksForProgress(query.part)
  if (query.kind !== 'compare' && query.kind !== 'short' && query.kind !== 'in') return false
  const { operand } = query
  return operand.kind === 'metric' || !operand.name.includes('.')
}
