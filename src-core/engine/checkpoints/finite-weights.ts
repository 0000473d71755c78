import { tf } from '../backend.ts'
import type { NamedWeight } from '../models/build-model.ts'

/** Whether no weight is NaN or infinite. About 30 ms for a full AlexNet. */
export function allFinite(weights: readonly NamedWeight[]): boolean {
  return weights.every(({ variable }) => tf.tidy(() => variable.isFinite().all().dataSync()[0] === 1))
}
