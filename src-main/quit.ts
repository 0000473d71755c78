import type { App } from 'electron'
import type { Log } from './logging.ts'

export interface OrderlyQuit {
  /** False until everything is closed: windows stay open, so that the user sees why it takes a moment. */
  readonly mayClose: () => boolean
}

export interface QuitOptions {
  readonly app: Pick<App, 'on' | 'quit' | 'exit'>
  /** Pauses what trains, durably, and closes the record. */
  readonly close: () => Promise<void>
  readonly deadlineMilliseconds: number
  readonly log: Log
}

/**
 * However the application is asked to end (menu, last window, SIGTERM, SIGINT), it first closes in order.
 * Past the deadline it ends all the same: the next start then shows the run as interrupted, with nothing else lost.
 */
export function quitInOrder({ app, close, deadlineMilliseconds, log }: QuitOptions): OrderlyQuit {
  let state: 'open' | 'closing' | 'closed' = 'open'

  const closeThenQuit = async (): Promise<void> => {
    const deadline = setTimeout(() => {
      log.error('closing took too long; ending at once')
      app.exit(1)
    }, deadlineMilliseconds)
    try {
      await close()
    } catch (error) {
      log.error('closing failed', error)
    }
    clearTimeout(deadline)
    state = 'closed'
    app.quit()
  }

  app.on('before-quit', (event) => {
    if (state === 'closed') return
    event.preventDefault()
    if (state === 'closing') return
    state = 'closing'
    void closeThenQuit()
  })
  app.on('window-all-closed', () => app.quit())
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => app.quit())
  return { mayClose: () => state === 'closed' }
}
