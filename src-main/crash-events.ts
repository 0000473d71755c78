import type { App, BrowserWindow } from 'electron'
import type { EmitEvent } from './ipc.ts'
import type { Log } from './logging.ts'

/** An error nobody caught must be seen, and must not end a training that has nothing to do with it. */
export function watchProcess(log: Log, emit: EmitEvent): void {
  const report = (what: string, cause: unknown): void => {
    log.error(what, cause)
    const message = cause instanceof Error ? cause.message : String(cause)
    emit('notice', {
      level: 'error',
      message: `Something went wrong inside Ablate: ${message}. The log has the details.`,
    })
  }
  process.on('uncaughtException', (error) => report('uncaught exception', error))
  process.on('unhandledRejection', (reason) => report('unhandled rejection', reason))
}

/** Trainers report their own end to the run service; this notes the rest, such as the GPU process. */
export function watchChildProcesses(app: App, log: Log): void {
  app.on('child-process-gone', (_event, { type, name, reason, exitCode }) => {
    if (reason !== 'clean-exit') log.warn(`child process gone: ${type} ${name ?? ''} ${reason} ${exitCode}`)
  })
}

const reloadPause = 30_000

/** The record is in main, so a page that died is simply loaded again; a page that dies again at once is left. */
export function reviveWindow(window: BrowserWindow, log: Log, now: () => number = Date.now): void {
  let lastReload = -Infinity
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    log.error(`the window's process is gone: ${reason} ${exitCode}`)
    if (reason === 'clean-exit' || window.isDestroyed() || now() - lastReload < reloadPause) return
    lastReload = now()
    window.webContents.reload()
  })
  window.on('unresponsive', () => log.warn('the window does not respond'))
}
