import { applyAssignment } from '../../src-core/domain/spec/paths.ts'
import type { Run } from '../../src-core/domain/run.ts'
import type { SeriesColumns } from '../../src-core/domain/comparison/readings.ts'
import { sampleRun } from './sample-run.ts'

let made = 0

/** A finished run of 24 steps in two epochs, with some fields of its spec set. */
export function comparedRun(assignments: readonly string[] = [], changes: Partial<Run> = {}): Run {
  const id = `r${String(made++).padStart(10, '0')}`
  const run = sampleRun({ id, name: id, state: 'finished', step: 24, totalSteps: 24, epoch: 2, activeTime: 24_000 })
  return { ...run, spec: assignments.reduce(applyAssignment, run.spec), ...changes }
}

/** One run per value, with the seeds 1, 2, 3 and so on; `values` tells each its number. */
export function seededRuns(values: readonly number[], assignments: readonly string[] = [], firstSeed = 1) {
  return values.map((value, index) => ({
    run: comparedRun([...assignments, `training.seed=${firstSeed + index}`]),
    value,
  }))
}

/** A value after each epoch of twelve steps, a second to the step. */
export function epochColumns(values: readonly number[], stepsPerEpoch = 12, secondsPerStep = 1): SeriesColumns {
  const step = values.map((_, index) => (index + 1) * stepsPerEpoch)
  return {
    step,
    epoch: step.map((one) => one / stepsPerEpoch),
    activeTime: step.map((one) => one * 1000 * secondsPerStep),
    last: values,
    min: values,
    max: values,
  }
}
