import type { MenuItemConstructorOptions } from 'electron'
import type { EventPayload } from '../../src-core/contract/events.ts'

export type Command = EventPayload<'command'>['command']

export interface MenuOptions {
  readonly isMac: boolean
  /** Adds reload and the developer tools. */
  readonly isDevelopment: boolean
  readonly send: (command: Command) => void
}

const separator: MenuItemConstructorOptions = { type: 'separator' }

/** The menu bar. Items either have a role or send a command that the window carries out. */
export function menuTemplate(options: MenuOptions): MenuItemConstructorOptions[] {
  const item = (label: string, accelerator: string, command: Command): MenuItemConstructorOptions => ({
    label,
    accelerator,
    id: command,
    click: () => options.send(command),
  })
  const settings = item('Settings…', 'CmdOrCtrl+,', 'show-settings')
  return [
    ...(options.isMac ? [macMenu(settings)] : []),
    {
      label: 'File',
      submenu: [
        item('New run…', 'CmdOrCtrl+N', 'new-run'),
        separator,
        ...(options.isMac ? [] : [settings, separator]),
        { role: options.isMac ? 'close' : 'quit' },
      ],
    },
    editMenu(),
    viewMenu(options, item),
    { role: 'windowMenu' },
    { role: 'help', submenu: [item('Keyboard shortcuts', 'CmdOrCtrl+/', 'show-shortcuts')] },
  ]
}

function macMenu(settings: MenuItemConstructorOptions): MenuItemConstructorOptions {
  return {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      separator,
      settings,
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' },
    ],
  }
}

function editMenu(): MenuItemConstructorOptions {
  return {
    label: 'Edit',
    submenu: [
      { role: 'undo' },
      { role: 'redo' },
      separator,
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      { role: 'selectAll' },
    ],
  }
}

type Item = (label: string, accelerator: string, command: Command) => MenuItemConstructorOptions

function viewMenu({ isDevelopment }: MenuOptions, item: Item): MenuItemConstructorOptions {
  const development: MenuItemConstructorOptions[] = [separator, { role: 'reload' }, { role: 'toggleDevTools' }]
  return {
    label: 'View',
    submenu: [
      item('Runs', 'CmdOrCtrl+1', 'show-runs'),
      item('Compare', 'CmdOrCtrl+2', 'show-compare'),
      item('Models and exports', 'CmdOrCtrl+3', 'show-exports'),
      separator,
      item('Show or hide the rail', 'CmdOrCtrl+B', 'toggle-rail'),
      separator,
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      separator,
      { role: 'togglefullscreen' },
      ...(isDevelopment ? development : []),
    ],
  }
}
