import { dirname } from 'node:path'
import type { RunId } from '../domain/ids.ts'
import type { Run } from '../domain/run.ts'
import type { Workspace } from '../storage/workspace.ts'
import { finishPurges, isPresent, leftovers, removeNamed } from './checkpoints/checkpoint-files.ts'
import { removeUnfinished } from './jobs/unfinished-folders.ts'
import type { RunRecorder } from './run-recorder.ts'

/**
 * Puts the record in order after the application ended in whatever way: runs for which it says that they train become
 * interrupted, and what cut-off checkpoints, exports and imports left on the disk is removed. Queued runs stay queued.
 * @returns the interrupted runs
 */
export function recover(recorder: RunRecorder): Run[] {
  const { workspace } = recorder
  const interrupted = workspace.runs.active().map((id) => interrupt(recorder, id))
  for (const id of workspace.runs.ids()) tidyCheckpoints(workspace, id)
  // Folders of unknown runs stay: they belong to a record that was set aside as damaged.
  finishPurges(checkpointsRoot(workspace), (id) => workspace.runs.find(id) !== null)
  removeUnfinished(workspace.exportsDirectory)
  removeUnfinished(workspace.datasetsDirectory)
  return interrupted
}

/** Records that a run's trainer is gone although nobody asked it to end. */
export function interrupt(recorder: RunRecorder, id: RunId, cause = 'the application ended'): Run {
  const { state, checkpointStep } = recorder.get(id)
  const from = checkpointStep === null ? 'from the beginning' : `from its checkpoint at step ${checkpointStep}`
  const message = `Interrupted: ${cause} while the run was ${state}. It can be resumed ${from}.`
  return recorder.change(id, { to: 'interrupted', patch: { endedAt: recorder.now() }, message })
}

/**
 * A whole folder without a row is the work of a trainer whose application died before it could record it; it goes
 * only when a recorded one is there, because after a backup was copied back it may be all that is left.
 */
function tidyCheckpoints(workspace: Workspace, id: RunId): void {
  const runDirectory = workspace.checkpointsDirectory(id)
  const recorded = workspace.checkpoints.list(id)
  const { unfinished, orphans } = leftovers(
    runDirectory,
    recorded.map(({ directory }) => directory),
  )
  removeNamed(runDirectory, unfinished)
  if (recorded.some((checkpoint) => isPresent(runDirectory, checkpoint))) removeNamed(runDirectory, orphans)
}

function checkpointsRoot(workspace: Workspace): string {
  return dirname(workspace.checkpointsDirectory('r'))
}
