export interface Shortcut {
  readonly keys: string
  readonly title: string
}

/** Keys that work inside a view; those of the commands stand with the commands. */
export const viewShortcuts: readonly { readonly area: string; readonly shortcuts: readonly Shortcut[] }[] = [
  {
    area: 'Runs table',
    shortcuts: [
      { keys: '↑ ↓', title: 'Move to another run' },
      { keys: 'Home End', title: 'First or last run' },
      { keys: 'Enter', title: 'Open the run' },
      { keys: 'Space', title: 'Select or deselect' },
      { keys: 'Shift+↑ ↓', title: 'Select more or fewer runs' },
      { keys: 'Ctrl+A', title: 'Select all that are shown' },
      { keys: 'F2', title: 'Rename' },
      { keys: 'T', title: 'Tags' },
      { keys: 'B', title: 'Make or clear the baseline' },
      { keys: '← →', title: 'Fold or unfold a group' },
      { keys: 'Shift+Click', title: 'On a header: add to the sorting' },
      { keys: 'Alt+← →', title: 'On a header: move the column' },
      { keys: 'Alt+Shift+← →', title: 'On a header: resize the column' },
      { keys: 'P', title: 'Start, pause or resume' },
      { keys: 'Delete', title: 'Delete (can be undone)' },
      { keys: 'Shift+F10', title: 'All actions of the run' },
      { keys: '/', title: 'Filter' },
    ],
  },
  {
    area: 'Confusion matrix',
    shortcuts: [
      { keys: '↑ ↓ ← →', title: 'Move to another cell' },
      { keys: 'Home End', title: 'First or last predicted class' },
    ],
  },
  {
    area: 'Configuration of compared runs',
    shortcuts: [
      { keys: 'F8', title: 'Next difference' },
      { keys: 'Shift+F8', title: 'Previous difference' },
      { keys: '↑ ↓ ← →', title: 'Move to another cell' },
      { keys: 'Ctrl+C', title: 'Copy the value of the cell' },
    ],
  },
  {
    area: 'Charts',
    shortcuts: [
      { keys: 'Drag', title: 'Zoom into a range of steps; into a box when the drag is tall' },
      { keys: 'Shift+Drag', title: 'Move the zoomed range' },
      { keys: 'Alt+Wheel', title: 'Zoom around the pointer' },
      { keys: 'Double-click', title: 'Show everything again' },
      { keys: '← →', title: 'Move the zoomed range, or the rule when nothing is zoomed' },
      { keys: '+ −', title: 'Zoom in or out' },
      { keys: '0', title: 'Show everything again (with a chart in focus)' },
    ],
  },
]

type Keys = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

/** Whether a key press is the shortcut, written as `Ctrl+Shift+K`. On a Mac the command key stands for Ctrl. */
export function matches(event: Keys, keys: string): boolean {
  const parts = keys.split('+')
  const key = parts.at(-1)!
  const wants = (name: string): boolean => parts.slice(0, -1).includes(name)
  const control = event.ctrlKey || event.metaKey
  const shiftMatters = key.length > 1 || /[a-z0-9]/i.test(key)
  return (
    event.key.toLowerCase() === key.toLowerCase() &&
    control === wants('Ctrl') &&
    event.altKey === wants('Alt') &&
    (!shiftMatters || event.shiftKey === wants('Shift'))
  )
}

/** Whether keys typed now belong to a text field and not to the view. */
export function isTyping(target: EventTarget | null): boolean {
  const element = target as Partial<HTMLElement> | null
  return /^(INPUT|TEXTAREA|SELECT)$/.test(element?.tagName ?? '') && !isTick(target)
}

function isTick(target: EventTarget | null): boolean {
  return ['checkbox', 'radio', 'range'].includes((target as Partial<HTMLInputElement> | null)?.type ?? '')
}
