import type { MetricDirection } from '../../../src-core/domain/metrics.ts'
import type { LayoutValue, SavedView } from '../../../src-core/domain/layout.ts'
import { everythingButSeed } from '../../lib/table/settings.ts'
import {
  defaultSettings,
  moved,
  sortedBy,
  tableSection,
  tableSettingsSchema,
  type TableSettings,
} from '../../lib/table/settings.ts'
import type { LayoutStore } from '../layout/layout-store.svelte.ts'

/** How the runs table is arranged. Every change is kept in the workspace and can be undone. */
export class TableLayout {
  private readonly layout: LayoutStore
  readonly settings: TableSettings = $derived.by(() =>
    this.layout.read(tableSection, tableSettingsSchema, defaultSettings),
  )
  readonly views: SavedView[] = $derived.by(() => this.layout.viewsOf(tableSection))

  constructor(layout: LayoutStore) {
    this.layout = layout
  }

  /** `what` names the change for undo; null for what is not undone, such as typing into the filter. */
  change(patch: Partial<TableSettings>, what: string | null): void {
    this.layout.write(tableSection, { ...this.settings, ...patch } as LayoutValue, what)
  }

  sortBy(column: string, descendingFirst: boolean, add: boolean): void {
    this.change({ sort: sortedBy(this.settings.sort, column, descendingFirst, add) }, 'Sort')
  }

  sort(column: string, descending: boolean): void {
    this.change({ sort: [{ column, descending }] }, 'Sort')
  }

  show(id: string): void {
    if (!this.settings.columns.includes(id)) this.change({ columns: [...this.settings.columns, id] }, 'Show a column')
  }

  /** Hides a column; the name always stays. */
  hide(id: string): void {
    const { columns, pinned } = this.settings
    if (id === 'name') return
    const without = (ids: readonly string[]): string[] => ids.filter((one) => one !== id)
    this.change({ columns: without(columns), pinned: without(pinned) }, 'Hide a column')
  }

  toggle(id: string): void {
    if (this.settings.columns.includes(id)) this.hide(id)
    else this.show(id)
  }

  /** Puts a column in the place of another, such as the best value of a metric for its newest. */
  replace(id: string, by: string): void {
    const { columns, pinned, sort } = this.settings
    if (id === by) return
    const swap = (ids: readonly string[]): string[] =>
      ids.filter((one) => one !== by).map((one) => (one === id ? by : one))
    const sorted = sort.map((one) => (one.column === id ? { ...one, column: by } : one))
    this.change({ columns: swap(columns), pinned: swap(pinned), sort: sorted }, 'Change a column')
  }

  /** Moves a column before another one, or by so many places. */
  moveBefore(id: string, before: string): void {
    const others = this.settings.columns.filter((one) => one !== id)
    const to = others.indexOf(before)
    if (id !== before && to >= 0) this.change({ columns: moved(this.settings.columns, id, to) }, 'Move a column')
  }

  moveBy(id: string, by: number): void {
    const from = this.settings.columns.indexOf(id)
    if (from >= 0) this.change({ columns: moved(this.settings.columns, id, from + by) }, 'Move a column')
  }

  resize(id: string, width: number): void {
    const widths = { ...this.settings.widths, [id]: Math.round(Math.max(40, Math.min(1200, width))) }
    this.change({ widths }, 'Resize a column')
  }

  togglePin(id: string): void {
    const { pinned } = this.settings
    const isPinned = pinned.includes(id)
    const next = isPinned ? pinned.filter((one) => one !== id) : [...pinned, id]
    this.change({ pinned: next }, isPinned ? 'Unpin a column' : 'Pin a column')
  }

  groupBy(group: TableSettings['group']): void {
    this.change({ group }, 'Group rows')
  }

  toggleGroup(path: string): void {
    const present = this.settings.group === everythingButSeed ? [] : this.settings.group
    this.groupBy(present.includes(path) ? present.filter((one) => one !== path) : [...present, path])
  }

  setDirection(id: string, direction: MetricDirection): void {
    this.change({ directions: { ...this.settings.directions, [id]: direction } }, 'Say which way is better')
  }

  toggleBaseline(runId: string): void {
    const isBaseline = this.settings.baseline === runId
    this.change({ baseline: isBaseline ? null : runId }, isBaseline ? 'Clear the baseline' : 'Set the baseline')
  }

  reset(): void {
    this.change({ ...defaultSettings, baseline: this.settings.baseline }, 'Reset the table')
  }

  async saveView(name: string): Promise<void> {
    await this.layout.saveView(tableSection, name.trim(), this.settings as LayoutValue)
  }

  /** Brings a saved view back; the baseline is the workspace's and stays. */
  apply(view: SavedView): void {
    const parsed = tableSettingsSchema.safeParse(view.value)
    if (parsed.success) this.change({ ...parsed.data, baseline: this.settings.baseline }, `Show “${view.name}”`)
  }

  async deleteView(view: SavedView): Promise<void> {
    await this.layout.deleteView(view.id)
  }
}
