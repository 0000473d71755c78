import type { Run } from '../../../src-core/domain/run.ts'
import { canResume, canTransition, isActive } from '../../../src-core/domain/run-status.ts'

/** What can be done with a run now. Every control asks here, so that no button is shown that would be refused. */
export interface RunActions {
  readonly start: boolean
  readonly pause: boolean
  readonly stop: boolean
  readonly move: boolean
  readonly exportModel: boolean
  readonly remove: boolean
  readonly restore: boolean
}

export function actionsOf(run: Run): RunActions {
  const kept = run.deletedAt === null
  return {
    start: kept && canResume(run.state),
    pause: kept && (run.state === 'queued' || canTransition(run.state, 'pausing')),
    stop: kept && (canTransition(run.state, 'stopping') || canTransition(run.state, 'stopped')),
    move: kept && run.state === 'queued',
    exportModel: kept && run.checkpointStep !== null && !isActive(run.state),
    remove: kept,
    restore: !kept,
  }
}

/** A run that has not done a step is started, any other is resumed. */
export function startWord(run: Run): 'Start' | 'Resume' {
  return run.step === 0 ? 'Start' : 'Resume'
}
