import type { FiltersArtifact } from '../../domain/evaluation/artifact.ts'
import { keepsFilters } from '../../domain/inspection/filter-steps.ts'
import { filtersAfter } from '../inspection/kernels.ts'
import type { PreparedRun } from './prepare-run.ts'

/**
 * The first kernels as they are now when the run keeps them after its newest step, null otherwise.
 *
 * Reading, stretching and writing them as text took 0.2 ms for the 10 kernels of 5 x 5 of AlexNet at a tenth of its width,
 * whose step takes some 100 ms on two cores, and 3 ms for 64 of 11 x 11 of AlexNet in full, whose step takes seconds:
 * 0.2 % of a step, in at most 64 steps of a run.
 */
export function filtersDue({ run, model }: Pick<PreparedRun, 'run' | 'model'>): FiltersArtifact | null {
  const step = run.finishedSteps()
  return run.isComplete() || keepsFilters(step, run.workload) ? filtersAfter(step, model) : null
}
