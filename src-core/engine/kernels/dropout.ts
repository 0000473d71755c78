import { type Tensor } from '../backend.ts'
import { differentiable } from './differentiable.ts'
import { statelessUniform, type SeedPair } from './stateless-random.ts'

/**
 * Sets a share `rate` of the values to zero and scales the rest by 1 / (1 - rate), so that the expected sum stays
 * (Srivastava et al. 2014, "inverted"). The mask depends on the seed pair alone.
 */
export function dropout(input: Tensor, rate: number, seed: SeedPair): Tensor {
  return differentiable([input], () => {
    const kept = statelessUniform(input.shape, seed).greaterEqual(rate)
    const mask = kept.cast('float32').mul(1 / (1 - rate))
    return {
      value: input.mul(mask),
      saved: [mask],
      gradients: (upstream, [savedMask]) => [upstream.mul(savedMask!)],
    }
  })
}
