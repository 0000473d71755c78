import { execute, tf, type Tensor } from '../backend.ts'
import { floatType } from '../kernels/attributes.ts'

/** Sum of the squares of all values of all tensors, halved. One pass, one number brought to JavaScript. */
export function halfSquaredNorm(tensors: readonly Tensor[]): number {
  if (tensors.length === 0) return 0
  return tf.tidy(() => tf.addN(tensors.map((tensor) => execute('L2Loss', [floatType], [tensor]))).dataSync()[0]!)
}

/**
 * Scales all gradients together so that their common norm is at most `largest` (Pascanu et al. 2013, algorithm 1).
 * Replaces those that it scales in `gradients`.
 * @returns the norm before scaling.
 */
export function clipByGlobalNorm(gradients: Record<string, Tensor>, largest: number): number {
  const norm = Math.sqrt(2 * halfSquaredNorm(Object.values(gradients)))
  // Scaled by an infinite norm they would all be 0, and the run would go on without learning.
  if (norm <= largest || !Number.isFinite(norm)) return norm
  for (const [name, gradient] of Object.entries(gradients)) {
    gradients[name] = gradient.mul(largest / norm)
    gradient.dispose()
  }
  return norm
}
