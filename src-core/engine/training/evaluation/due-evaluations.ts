import type { BuiltModel } from '../../models/build-model.ts'
import type { RunProfiler } from '../../profile/run-profiler.ts'
import type { BatchSource } from '../batch-source.ts'
import type { Batch } from '../step.ts'
import { evaluate, type Evaluation } from './evaluate.ts'
import type { Evaluations } from './evaluation-results.ts'
import type { ValidationRecord } from './validation-record.ts'

export interface EvaluationParts {
  readonly model: BuiltModel
  readonly batches: BatchSource
  readonly profiler: RunProfiler
  readonly validation: ValidationRecord
}

/** Where in its run a supervised step stands. */
export interface StepPlace {
  readonly isLast: boolean
  readonly endsEpoch: boolean
}

/**
 * What is to be evaluated after a supervised step: the validation images at the end of an epoch and of the run, the
 * test images when the run ends, be it early.
 * @returns null when it was interrupted.
 */
export async function evaluateDue(
  { model, batches, profiler, validation }: EvaluationParts,
  { isLast, endsEpoch }: StepPlace,
  interrupted: () => Promise<boolean>,
): Promise<Evaluations | null> {
  const resultsOn = (images: Iterable<Batch>): Promise<Evaluation | null> =>
    profiler.aside('evaluation', () => evaluate(model, images, interrupted))
  const evaluations: Evaluations = {}
  if ((isLast || endsEpoch) && batches.split.validation.length > 0) {
    const results = await resultsOn(batches.validationBatches())
    if (results === null) return null
    evaluations.validation = results
  }
  if (!isLast && !(evaluations.validation && validation.endsRun(evaluations.validation))) return evaluations
  const test = await resultsOn(batches.testBatches())
  return test && { ...evaluations, test }
}
