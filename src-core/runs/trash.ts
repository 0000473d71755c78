import { WorkbenchError } from '../domain/errors.ts'
import type { RunId } from '../domain/ids.ts'
import type { Run } from '../domain/run.ts'
import { isActive } from '../domain/run-status.ts'
import { purgeFolder } from './checkpoints/checkpoint-files.ts'
import { awaiting } from './checkpoints/transfer-source.ts'
import type { RunRecorder } from './run-recorder.ts'

export interface TrashOptions {
  readonly recorder: RunRecorder
  /** Whether one of the run's checkpoints is being exported. */
  readonly isExporting: (id: RunId) => boolean
  /** Resolves when the run has no process any more. */
  readonly gone: (id: RunId) => Promise<void>
}

/** Where runs lie before they are deleted for good. */
export class Trash {
  readonly #options: TrashOptions

  constructor(options: TrashOptions) {
    this.#options = options
  }

  /** @throws WorkbenchError `run-busy` while the run trains. */
  delete(id: RunId): Run {
    const { recorder } = this.#options
    const { state, deletedAt } = recorder.get(id)
    if (isActive(state)) throw busy(id, 'is training: pause or stop it first.')
    if (state === 'queued') leaveQueue(recorder, id)
    return deletedAt === null ? recorder.update(id, { deletedAt: recorder.now() }) : recorder.get(id)
  }

  restore(id: RunId): Run {
    return this.#options.recorder.update(id, { deletedAt: null })
  }

  /** @throws WorkbenchError `illegal-transition` outside the trash; `run-busy` while its checkpoints are needed. */
  async purge(id: RunId): Promise<void> {
    const { recorder, gone } = this.#options
    const { workspace } = recorder
    this.#requirePurgeable(id)
    await gone(id)
    // Again, in the same turn as the rows go: meanwhile it may have been restored, exported or asked for its weights.
    this.#requirePurgeable(id)
    await purgeFolder(workspace.checkpointsDirectory(id), () => workspace.runs.remove(id))
  }

  #requirePurgeable(id: RunId): void {
    const { recorder, isExporting } = this.#options
    if (recorder.get(id).deletedAt === null) throw illegal(id, 'is not in the trash: delete it first.')
    if (isExporting(id)) throw busy(id, 'is just being exported.')
    this.#requireUnawaited(id)
  }

  #requireUnawaited(id: RunId): void {
    const waiting = awaiting(this.#options.recorder.workspace, id)
    if (!waiting) return
    const advice = 'Let it train up to a checkpoint, or delete it for good first.'
    throw busy(id, `holds the first weights of "${waiting.name}" (${waiting.runId}), which still needs them. ${advice}`)
  }
}

/** Takes a queued run out of the queue. */
export function leaveQueue(recorder: RunRecorder, id: RunId): Run {
  return recorder.change(id, { to: 'paused', message: 'Taken out of the queue.' })
}

/** The error for what a run's state does not allow. */
export function illegal(id: RunId, why: string): WorkbenchError {
  return new WorkbenchError('illegal-transition', `Run ${id} ${why}`, { runId: id })
}

function busy(id: RunId, why: string): WorkbenchError {
  return new WorkbenchError('run-busy', `Run ${id} ${why}`, { runId: id })
}
