/** The line to the process that owns the record. */
export interface Port<Message> {
  send(message: Message): void
  onMessage(listener: (message: unknown) => void): void
  /** Resolves when what was sent has left this process. */
  flush(): Promise<void>
}

interface UtilityPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
}

/** A utility process has no callback for a sent message; its pipe is written at once, so a short wait is enough. */
const utilityFlushMilliseconds = 100

function utilityPort<Message>(port: UtilityPort): Port<Message> {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => port.on('message', (event) => listener(event.data)),
    flush: () => new Promise((resolve) => setTimeout(resolve, utilityFlushMilliseconds)),
  }
}

function childPort<Message>(): Port<Message> {
  let lastSent: Promise<void> = Promise.resolve()
  return {
    send(message) {
      lastSent = new Promise((resolve) => process.send!(message, undefined, {}, () => resolve()))
    },
    onMessage: (listener) => process.on('message', listener),
    flush: () => lastSent,
  }
}

/**
 * The port of this process, whether it is an Electron utility process or a plain Node child.
 * @throws Error when started by hand, with no owner at the other end.
 */
export function openPort<Message>(): Port<Message> {
  const { parentPort } = process as unknown as { parentPort?: UtilityPort }
  if (parentPort) return utilityPort(parentPort)
  if (process.send) return childPort()
  throw new Error('The trainer is started by the Ablate window or by the ablate command, not by hand.')
}
