import { canResume, isActive } from '../run-status.ts'
import type { Run } from '../run.ts'

/** Says of a run without a profile when the first one comes, or that none will. */
export function noProfileText({ state, spec }: Pick<Run, 'state' | 'spec'>): string {
  if (!isActive(state) && state !== 'queued' && !canResume(state))
    return 'No profile: the run ended before its second step, or was trained by a version of Ablate that made none.'
  const of = spec.training.pretraining.kind === 'none' ? '' : ' of the training with labels'
  const when = `The first one comes after about 20 steps${of}, or at the end of a shorter epoch`
  return `No profile yet. ${when}${canResume(state) ? ', once the run goes on' : ''}.`
}
