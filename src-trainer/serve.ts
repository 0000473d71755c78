import { toWireError, type WireError } from '../src-core/domain/errors.ts'
import { watchOwner } from './owner-watch.ts'
import { openPort, type Port } from './port.ts'

/** The whole life of a process that does one job for its owner; what goes wrong is an answer to the owner. */
export async function serve<Message>(
  work: (port: Port<Message | { type: 'failed'; error: WireError }>) => Promise<number>,
): Promise<void> {
  const port = openPort<Message | { type: 'failed'; error: WireError }>()
  watchOwner()
  // The owner decides about pausing: a Ctrl+C in its terminal reaches this process too and must not end it first.
  process.on('SIGINT', () => {})
  let status = 0
  try {
    status = await work(port)
  } catch (error) {
    port.send({ type: 'failed', error: toWireError(error) })
  }
  await port.flush()
  process.exit(status)
}
