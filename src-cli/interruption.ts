type Handler = () => void

const handlers = new Set<Handler>()
const signals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const

/** Status that a shell gives to a command which a signal ended. */
const signalStatus = 128

let interrupted = false

function interrupt(status: number): void {
  // Whoever asks twice does not want to wait; without a handler there is nothing to bring to an end.
  if (handlers.size === 0 || (interrupted && status !== 0)) process.exit(status)
  interrupted = true
  handlers.forEach((handler) => handler())
}

/**
 * Hears of everything that asks a command to end: Ctrl+C, a terminal that hangs up, a reader such as `head` that has
 * seen enough. A command that has work to bring to an end says so with `onInterruption`; any other ends at once.
 */
export function watchInterruptions(): void {
  for (const [signal, number] of Object.entries(signals)) {
    process.on(signal, () => interrupt(signalStatus + number))
  }
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    interrupt(0)
  })
}

/** Lets `work` come to an orderly end: `handler` is called when the command is asked to end meanwhile. */
export async function interruptible<T>(handler: Handler, work: () => Promise<T>): Promise<T> {
  handlers.add(handler)
  try {
    return await work()
  } finally {
    handlers.delete(handler)
  }
}
