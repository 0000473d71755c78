import { recipeSpec } from '../../src-core/domain/spec/recipes.ts'
import type { RunSpec } from '../../src-core/domain/spec/run-spec.ts'
import { withAssignments } from '../../src-core/domain/spec/templates.ts'

/** Steps that set up memory and kernels and do not count. */
export const warmUpSteps = 20

/**
 * A small network, on which what comes beside the steps weighs most. Two epochs, so that one checkpoint falls between
 * steps that are timed, once in half a minute: far more often than in a run of full size.
 */
export function overheadSpec(): RunSpec {
  const stepsPerEpoch = 150
  return withAssignments(recipeSpec('alexnet-small'), {
    'data.trainImages': 64 * stepsPerEpoch,
    'data.testImages': 64,
    'data.validationFraction': 0,
    'training.batchSize': 64,
    'training.epochs': 2,
  })
}

/** A time in milliseconds, at the end of a step. */
export interface StepTime {
  readonly step: number
  readonly wallTime: number
}

/** Mean milliseconds per step after the warm-up. The last step is left out: its record waits for the test. */
export function meanStepTime(times: readonly StepTime[]): number {
  const counted = times.filter(({ step }) => step >= warmUpSteps && step < times.length)
  const [first, last] = [counted[0]!, counted.at(-1)!]
  return (last.wallTime - first.wallTime) / (last.step - first.step)
}
