import { BrowserWindow, nativeTheme, screen } from 'electron'
import { secureWebPreferences } from './web-preferences.ts'
import { firstWindow, readBounds, smallestWindow, writeBounds } from './window-bounds.ts'

export interface WindowOptions {
  readonly address: string
  readonly preload: string
  readonly icon: string
  readonly stateFile: string
  /** The window stays open while the application ends in order; then this is false. */
  readonly mayClose: () => boolean
  readonly onCloseRefused: () => void
}

/** The page's own ground in src-renderer, so that no white flash comes before the first paint. */
const backgrounds = { dark: '#1a1b1e', light: '#ffffff' }

let main: BrowserWindow | null = null

/** The window that people see, null when there is none: hidden ones print reports. */
export function mainWindow(): BrowserWindow | null {
  return main
}

/** Opens the window; it appears once its first frame is drawn. */
export function openWindow(options: WindowOptions, isPackaged: boolean): BrowserWindow {
  const workAreas = screen.getAllDisplays().map((display) => display.workArea)
  const remembered = readBounds(options.stateFile, workAreas)
  const window = new BrowserWindow({
    ...(remembered ?? firstWindow),
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    title: 'Ablate',
    icon: options.icon,
    show: false,
    backgroundColor: backgroundColor(),
    webPreferences: secureWebPreferences(options.preload, isPackaged),
  })
  main = window
  window.once('closed', () => (main = null))
  if (remembered?.maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('page-title-updated', (event) => event.preventDefault())
  window.on('close', (event) => {
    writeBounds(options.stateFile, { ...window.getNormalBounds(), maximized: window.isMaximized() })
    if (options.mayClose()) return
    event.preventDefault()
    options.onCloseRefused()
  })
  void window.loadURL(options.address)
  return window
}

function backgroundColor(): string {
  return nativeTheme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light
}

/** Makes the ground behind the page follow the theme too: it shows while the window is being resized. */
export function followTheme(): void {
  nativeTheme.on('updated', () => main?.setBackgroundColor(backgroundColor()))
}

/** Brings the window to the front, as a second start of the application asks. */
export function focusWindow(): void {
  if (!main) return
  if (main.isMinimized()) main.restore()
  main.show()
  main.focus()
}
