import type { Run } from '../src-core/domain/run.ts'
import type { RunService } from '../src-core/runs/run-service.ts'
import { interruptible } from './interruption.ts'
import { printNotice } from './terminal/output.ts'
import { followRun, type TrainStream } from './train-stream.ts'

/**
 * Trains queued runs one after another, also past one that fails or diverges. A request to end pauses the present one
 * durably and leaves the others in the queue.
 * @returns whether all of them had their turn.
 */
export async function followRuns(
  service: RunService,
  stream: TrainStream,
  runs: readonly Pick<Run, 'id'>[],
): Promise<boolean> {
  let interrupted = false
  return interruptible(
    () => (interrupted = true),
    async () => {
      for (const { id } of runs) {
        if (interrupted) return false
        const settled = await followRun(service, stream, service.get(id))
        stream.end(settled)
        printError(settled)
        if (settled.state === 'paused' || settled.state === 'interrupted') return false
      }
      return true
    },
  )
}

/** One run's failure does not end the command, so it is told when it happens. */
function printError({ id, error }: Run): void {
  if (error) printNotice(`run ${id}: ${error.message} [${error.code}]`)
}
