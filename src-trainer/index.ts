import { toWireError } from '../src-core/domain/errors.ts'
import { watchOwner } from './owner-watch.ts'
import { openPort } from './port.ts'

/** Entry of the trainer process: one per active run or export. */
async function main(): Promise<void> {
  const port = openPort()
  watchOwner()
  // The owner decides about pausing: a Ctrl+C in its terminal reaches this process too and must not end it first.
  process.on('SIGINT', () => {})
  let status = 0
  try {
    // Loaded late so that a missing TensorFlow is an answer to the owner and not a crash.
    const { Session } = await import('./session.ts')
    status = await new Session(port).run()
  } catch (error) {
    port.send({ type: 'failed', error: toWireError(error) })
  }
  await port.flush()
  process.exit(status)
}

void main()
