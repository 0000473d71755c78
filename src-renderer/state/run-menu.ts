import type { Run } from '../../src-core/domain/run.ts'
import { actionsOf, startWord } from '../lib/run/run-actions.ts'
import type { Workbench } from './workbench.svelte.ts'

export type MenuIcon =
  | 'open'
  | 'start'
  | 'pause'
  | 'stop'
  | 'rename'
  | 'up'
  | 'down'
  | 'compare'
  | 'export'
  | 'duplicate'
  | 'delete'
  | 'restore'
  | 'tag'
  | 'baseline'

export interface MenuEntry {
  readonly id: string
  readonly icon: MenuIcon
  readonly title: string
  readonly keys?: string
  readonly destructive?: boolean
  readonly run: () => void
}

/** What the menu of a run offers now, in groups; of several runs only what can be done with all. */
export function runMenu(workbench: Workbench, run: Run, meant: readonly Run[]): MenuEntry[][] {
  const groups = run.deletedAt !== null ? trashMenu(workbench, meant) : keptMenu(workbench, run, meant)
  return groups.filter((group) => group.length > 0)
}

function trashMenu(workbench: Workbench, meant: readonly Run[]): MenuEntry[][] {
  const restore = (): void => meant.forEach(({ id }) => void workbench.runs.restore(id))
  return [
    [{ id: 'restore', icon: 'restore', title: 'Restore', run: restore }],
    [removeEntry(workbench, meant, 'Delete for good')],
  ]
}

function keptMenu(workbench: Workbench, run: Run, meant: readonly Run[]): MenuEntry[][] {
  const single = meant.length === 1
  const compare: MenuEntry = { id: 'compare', icon: 'compare', title: 'Compare', run: () => workbench.compare(meant) }
  const remove = removeEntry(workbench, meant, 'Delete')
  const tag: MenuEntry = {
    id: 'tag',
    icon: 'tag',
    title: 'Tags…',
    keys: 'T',
    run: () => (workbench.table.tagging = meant),
  }
  if (!single) return [[compare, tag], [remove]]
  return [
    [{ id: 'open', icon: 'open', title: 'Open', keys: 'Enter', run: () => workbench.open(run) }],
    lifeEntries(workbench, run),
    queueEntries(workbench, run),
    [compare, baselineEntry(workbench, run), tag, ...copyEntries(workbench, run)],
    [remove],
  ]
}

function baselineEntry({ table }: Workbench, run: Run): MenuEntry {
  const title = table.layout.settings.baseline === run.id ? 'Clear the baseline' : 'Make the baseline'
  return { id: 'baseline', icon: 'baseline', title, keys: 'B', run: () => table.layout.toggleBaseline(run.id) }
}

function lifeEntries({ runs }: Workbench, run: Run): MenuEntry[] {
  const { start, pause, stop } = actionsOf(run)
  const entries: MenuEntry[] = []
  if (start)
    entries.push({ id: 'start', icon: 'start', title: startWord(run), keys: 'P', run: () => void runs.resume(run.id) })
  if (pause) entries.push({ id: 'pause', icon: 'pause', title: 'Pause', keys: 'P', run: () => void runs.pause(run.id) })
  if (stop) entries.push({ id: 'stop', icon: 'stop', title: 'Stop', run: () => void runs.stop(run.id) })
  return entries
}

function queueEntries({ runs }: Workbench, run: Run): MenuEntry[] {
  const place = run.queuePosition
  if (place === null) return []
  const entries: MenuEntry[] = []
  if (place > 0) entries.push({ id: 'up', icon: 'up', title: 'Move up', run: () => void runs.move(run.id, place - 1) })
  if (place < runs.queued.length - 1) {
    entries.push({ id: 'down', icon: 'down', title: 'Move down', run: () => void runs.move(run.id, place + 1) })
  }
  return entries
}

function copyEntries(workbench: Workbench, run: Run): MenuEntry[] {
  const entries: MenuEntry[] = [
    { id: 'rename', icon: 'rename', title: 'Rename', keys: 'F2', run: () => (workbench.table.renamingId = run.id) },
    { id: 'duplicate', icon: 'duplicate', title: 'New run from this', run: () => workbench.duplicate(run) },
  ]
  if (!actionsOf(run).exportModel) return entries
  return [...entries, { id: 'export', icon: 'export', title: 'Export', run: () => void workbench.exportRun(run) }]
}

function removeEntry(workbench: Workbench, meant: readonly Run[], title: string): MenuEntry {
  return { id: 'delete', icon: 'delete', title, keys: 'Delete', destructive: true, run: () => workbench.remove(meant) }
}
