import { WorkbenchError } from '../../domain/errors.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'

/** TensorFlow's words (status 8 is RESOURCE_EXHAUSTED) and V8's for an array that finds no room. */
const outOfMemory =
  /RESOURCE_EXHAUSTED|ResourceExhausted|TF_Status: 8\b|OOM when allocating|Array buffer allocation failed/

/** Turns TensorFlow's way of saying that memory has run out into an error that says what to change. */
export function explainTrainingError(error: unknown, spec: RunSpec): unknown {
  if (error instanceof WorkbenchError || !(error instanceof Error) || !outOfMemory.test(error.message)) return error
  const { batchSize } = spec.training
  return new WorkbenchError(
    'out-of-memory',
    `Memory ran out with ${batchSize} images per step: choose a smaller batch, a smaller input or a narrower network.`,
    { batchSize, inputSize: spec.model.input.size },
  )
}
