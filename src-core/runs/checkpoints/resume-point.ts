import { join } from 'node:path'
import { WorkbenchError } from '../../domain/errors.ts'
import type { RunId } from '../../domain/ids.ts'
import type { RecordedCheckpoint } from '../../storage/records/checkpoints.ts'
import type { RunRecorder } from '../run-recorder.ts'
import { isPresent, leftovers, removeNamed } from './checkpoint-files.ts'

/**
 * The newest checkpoint that is there, null for a run that never had one. Rows without a folder and folders without
 * a row go.
 * @throws WorkbenchError `checkpoint-missing` when none of the recorded ones is there; then nothing goes.
 */
export function chooseResumePoint(recorder: RunRecorder, id: RunId): RecordedCheckpoint | null {
  const { workspace } = recorder
  const { checkpoints } = workspace
  const runDirectory = workspace.checkpointsDirectory(id)
  const recorded = checkpoints.list(id)
  const present = recorded.filter((checkpoint) => isPresent(runDirectory, checkpoint))
  const missing = recorded.filter((checkpoint) => !present.includes(checkpoint)).map(({ directory }) => directory)
  if (recorded[0] && present.length === 0) throw allMissing(join(runDirectory, recorded[0].directory))
  if (missing.length > 0) {
    checkpoints.remove(id, missing)
    recorder.note(id, 'error', `Checkpoints are missing on the disk: ${missing.join(', ')}.`)
  }
  const { unfinished, orphans } = leftovers(
    runDirectory,
    present.map(({ directory }) => directory),
  )
  removeNamed(runDirectory, [...unfinished, ...orphans])
  return present[0] ?? null
}

function allMissing(path: string): WorkbenchError {
  const message =
    `There is no checkpoint at ${path}, and the run has no other. Nothing was deleted. ` +
    'Put the folder back and resume, or start a new run with the same settings.'
  return new WorkbenchError('checkpoint-missing', message, { directory: path })
}
