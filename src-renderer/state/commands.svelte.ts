import { matches } from '../lib/shortcuts.ts'
import type { Workbench } from './workbench.svelte.ts'

export interface Command {
  readonly id: string
  readonly title: string
  readonly keys?: string
  /** Other keys for the same. */
  readonly alsoKeys?: string
  readonly run: () => void
}

/** Everything that the menu, the palette and the keyboard can ask for. The ids of the menu's are in the contract. */
export function createCommands(workbench: Workbench): readonly Command[] {
  const { router, dialogs, preferences, system, comparison, table } = workbench
  return [
    { id: 'new-run', title: 'New run', keys: 'Ctrl+N', run: () => workbench.openNewRun() },
    { id: 'new-ablation', title: 'New ablation', run: () => workbench.openNewRun('ablation') },
    { id: 'show-runs', title: 'Show runs', keys: 'Ctrl+1', run: () => router.go({ view: 'runs' }) },
    { id: 'show-compare', title: 'Show comparison', keys: 'Ctrl+2', run: () => router.go({ view: 'compare' }) },
    { id: 'show-exports', title: 'Show models and exports', keys: 'Ctrl+3', run: () => router.go({ view: 'exports' }) },
    { id: 'show-settings', title: 'Show settings', keys: 'Ctrl+4', run: () => router.go({ view: 'settings' }) },
    { id: 'show-palette', title: 'Find a command or run', keys: 'Ctrl+K', run: () => (dialogs.open = 'palette') },
    {
      id: 'show-shortcuts',
      title: 'Keyboard shortcuts',
      keys: 'Ctrl+/',
      alsoKeys: '?',
      run: () => (dialogs.open = 'shortcuts'),
    },
    { id: 'toggle-rail', title: 'Fold or unfold the navigation', keys: 'Ctrl+B', run: () => workbench.toggleRail() },
    { id: 'undo', title: 'Undo', keys: 'Ctrl+Z', run: () => workbench.undo() },
    { id: 'redo', title: 'Redo', keys: 'Ctrl+Shift+Z', alsoKeys: 'Ctrl+Y', run: () => workbench.redo() },
    {
      id: 'compare-selected',
      title: 'Compare the selected runs',
      run: () =>
        table.selectedRuns.length > 0 ? workbench.compare(table.selectedRuns) : router.go({ view: 'compare' }),
    },
    { id: 'clear-comparison', title: 'Empty the comparison', run: () => comparison.removeAll() },
    { id: 'open-workspace', title: 'Open the workspace folder', run: () => void system.openWorkspace() },
    { id: 'theme-light', title: 'Light theme', run: () => preferences.update({ theme: 'light' }) },
    { id: 'theme-dark', title: 'Dark theme', run: () => preferences.update({ theme: 'dark' }) },
    { id: 'theme-system', title: 'Theme of the system', run: () => preferences.update({ theme: 'system' }) },
  ]
}

/** The command whose keys were pressed. */
export function commandFor(commands: readonly Command[], event: KeyboardEvent): Command | undefined {
  return commands.find(({ keys, alsoKeys }) => (keys && matches(event, keys)) || (alsoKeys && matches(event, alsoKeys)))
}
