import { z } from 'zod'
import type { SelectionMetric, TrainingSpec } from '../spec/training-spec.ts'

/** Results of the evaluations on the validation images so far, one per evaluation, in order. */
export const validationHistorySchema = z.array(
  z.strictObject({
    step: z.int().min(0),
    loss: z.number().nullable(),
    accuracy: z.number(),
    top5Error: z.number(),
  }),
)
export type ValidationHistory = Readonly<z.infer<typeof validationHistorySchema>>
export type ValidationResult = ValidationHistory[number]

const readers: Record<SelectionMetric, (result: ValidationResult) => number> = {
  // JSON has no infinity: a loss that was not finite is kept as null.
  'validation/loss': ({ loss }) => loss ?? Infinity,
  'validation/accuracy': ({ accuracy }) => 1 - accuracy,
  'validation/top5-error': ({ top5Error }) => top5Error,
}

/** The result as a number of which less is better. */
export function badness(metric: SelectionMetric, result: ValidationResult): number {
  return readers[metric](result)
}

/** How many of the last evaluations in a row did not fall below the best one before by more than `minimumChange`. */
export function evaluationsWithoutImprovement(values: readonly number[], minimumChange = 0): number {
  let best = Infinity
  let without = 0
  for (const value of values) {
    const improved = value < best - (Number.isFinite(best) ? minimumChange : 0)
    without = improved ? 0 : without + 1
    if (improved) best = value
  }
  return without
}

/** Whether early stopping ends a run with this history: a pure function, so that a resumed run decides alike. */
export function shouldStopEarly(
  { patience, metric, minimumChange }: TrainingSpec['earlyStopping'],
  history: ValidationHistory,
): boolean {
  if (patience === null) return false
  const values = history.map((result) => badness(metric, result))
  return evaluationsWithoutImprovement(values, minimumChange) >= patience
}
