import { SvelteMap } from 'svelte/reactivity'
import type { z } from 'zod'
import type { Client } from '../../../src-core/contract/client.ts'
import type { Layout, LayoutValue, SavedView } from '../../../src-core/domain/layout.ts'
import type { Notices } from '../notices.svelte.ts'
import { UndoHistory } from './undo-history.svelte.ts'

const writtenAfter = 400

/**
 * How the window is arranged, section by section: kept in the workspace, with undo and redo. What a section means is
 * known to its owner alone, who reads it through a schema and gets the default for what does not fit.
 */
export class LayoutStore {
  loaded = $state(false)
  views = $state.raw<readonly SavedView[]>([])
  readonly history = new UndoHistory()
  private readonly sections = new SvelteMap<string, LayoutValue>()
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from it
  private readonly unwritten = new Set<string>()
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly client: Client
  private readonly notices: Notices

  constructor(client: Client, notices: Notices) {
    this.client = client
    this.notices = notices
  }

  async load(): Promise<void> {
    const found = await this.notices.attempt(
      Promise.all([this.client.call('layout.get'), this.client.call('views.list')]),
    )
    if (found) {
      for (const [section, value] of Object.entries(found[0])) this.sections.set(section, value)
      this.views = found[1]
    }
    this.loaded = true
  }

  /** The value of a section as its schema reads it; `fallback` when there is none, or it is another build's. */
  read<Schema extends z.ZodType>(section: string, schema: Schema, fallback: z.output<Schema>): z.output<Schema> {
    const value = this.sections.get(section)
    if (value === undefined) return fallback
    const parsed = schema.safeParse(value)
    return parsed.success ? parsed.data : fallback
  }

  /** Changes a section. `what` names the change for undo; null for what nobody wants to undo, such as a scroll. */
  write(section: string, value: LayoutValue, what: string | null): void {
    const before = this.sections.get(section)
    this.put(section, value)
    if (what === null) return
    this.history.record({
      section,
      what,
      undo: () => this.put(section, before),
      redo: () => this.put(section, value),
    })
  }

  viewsOf(section: string): SavedView[] {
    return this.views.filter((view) => view.section === section)
  }

  /** Keeps the present value of a section under a name. */
  async saveView(section: string, name: string, value: LayoutValue): Promise<SavedView | null> {
    const saved = await this.notices.attempt(this.client.call('views.save', { section, name, value }))
    if (saved) this.views = [...this.views.filter(({ id }) => id !== saved.id), saved].sort(byName)
    return saved
  }

  async deleteView(id: number): Promise<void> {
    const done = await this.notices.attempt(this.client.call('views.delete', { viewId: id }).then(() => true))
    if (done) this.views = this.views.filter((view) => view.id !== id)
  }

  /** Writes what is not yet in the workspace, before the window goes. */
  async flush(): Promise<void> {
    clearTimeout(this.timer)
    const changed: Layout = {}
    for (const section of this.unwritten) changed[section] = this.sections.get(section) ?? null
    this.unwritten.clear()
    if (Object.keys(changed).length > 0) await this.notices.attempt(this.client.call('layout.update', changed))
  }

  /** A section that is taken back to its beginning is kept as null, which no schema accepts: its default then holds. */
  private put(section: string, value: LayoutValue | undefined): void {
    if (value === undefined) this.sections.delete(section)
    else this.sections.set(section, value)
    this.unwritten.add(section)
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.flush(), writtenAfter)
  }
}

function byName(a: SavedView, b: SavedView): number {
  return a.name.localeCompare(b.name)
}
