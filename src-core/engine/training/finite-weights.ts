import { tf } from '../backend.ts'
import type { NamedWeight } from '../models/build-model.ts'
import { halfSquaredNorm } from './gradient-clip.ts'

function isFinite({ variable }: NamedWeight): boolean {
  return tf.tidy(() => variable.isFinite().all().dataSync()[0] === 1)
}

/**
 * The first weight, moving statistics included, with a value that is NaN or infinite; null when there is none.
 * One pass over the weights after every step; a sum of squares that overflows is looked at weight by weight.
 */
export function firstNotFinite(weights: readonly NamedWeight[]): string | null {
  if (Number.isFinite(halfSquaredNorm(weights.map(({ variable }) => variable)))) return null
  return weights.find((weight) => !isFinite(weight))?.name ?? null
}
