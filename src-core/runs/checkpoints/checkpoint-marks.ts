import type { CheckpointRecord } from '../../domain/checkpoint.ts'
import type { Run } from '../../domain/run.ts'
import type { RecordedCheckpoint } from '../../storage/records/checkpoints.ts'

/**
 * A run's checkpoints as they are listed. The best is the one taken at the step of the run's best validation result,
 * which is no checkpoint when the evaluation was at another step. Of a checkpoint that is both, last-finite is told:
 * the best is known from the run.
 */
export function markCheckpoints(
  { best }: Pick<Run, 'best'>,
  checkpoints: readonly RecordedCheckpoint[],
): CheckpointRecord[] {
  return checkpoints.map(({ coveredStep: _coveredStep, mark, ...checkpoint }) => ({
    ...checkpoint,
    mark: mark ?? (checkpoint.step === best?.step ? 'best' : null),
  }))
}
