import type { FromTrainer } from '../src-core/contract/trainer-protocol.ts'
import { serve } from './serve.ts'

/** Entry of the trainer process: one per active run or export. */
void serve<FromTrainer>(async (port) => {
  // Loaded late so that a missing TensorFlow is an answer to the owner and not a crash.
  const { Session } = await import('./session.ts')
  return new Session(port).run()
})
