import { tf, type Tensor } from '../backend.ts'
import { differentiable } from './differentiable.ts'

export interface GroupNormalizationOptions {
  /** Parts of the channels; must divide them. */
  readonly groups: number
  readonly epsilon: number
}

/** From sums over the positions of each channel, [batch, channels], to the mean of each channel's group. */
function groupMeans(sums: Tensor, positions: number, groups: number): Tensor {
  const [batch, channels] = sums.shape as [number, number]
  const size = channels / groups
  return sums
    .reshape([batch, groups, size])
    .mean(2, true)
    .div(positions)
    .tile([1, 1, size])
    .reshape([batch, 1, channels])
}

/**
 * With c = x - mean and r = 1 / sqrt(variance + epsilon): dx = r * (gamma * dy - m1 - c * r * m2), where m1 and m2
 * are the group means of gamma * dy and gamma * dy * c * r.
 */
function gradients(upstream: Tensor, centered: Tensor, inverse: Tensor, gamma: Tensor, groups: number): Tensor[] {
  return tf.tidy(() => {
    const positions = upstream.shape[1]!
    const sums = upstream.sum(1)
    const products = upstream
      .mul(centered)
      .sum(1)
      .mul(inverse.squeeze([1]))
    const offset = groupMeans(sums.mul(gamma), positions, groups).mul(inverse)
    const slope = groupMeans(products.mul(gamma), positions, groups).mul(inverse.square())
    const input = upstream.mul(inverse.mul(gamma)).sub(centered.mul(slope).add(offset))
    return [input, products.sum(0), sums.sum(0)]
  })
}

/**
 * Group normalisation (Wu and He 2018, equations 2 to 7): gamma * (x - mean) / sqrt(variance + epsilon) + beta with
 * the biased statistics of each image over height, width and the channels of one group. Two passes for the variance,
 * because a difference of squares would lose it in float32.
 * @param input [batch, height, width, channels] or [batch, units]
 * @param gamma [channels]
 * @param beta [channels]
 */
export function groupNormalization(
  input: Tensor,
  gamma: Tensor,
  beta: Tensor,
  { groups, epsilon }: GroupNormalizationOptions,
): Tensor {
  const channels = gamma.size
  const batch = input.shape[0]!
  const flat = input.reshape([batch, input.size / (batch * channels), channels])
  const output = differentiable([flat, gamma, beta], () => {
    const positions = flat.shape[1]!
    const centered = flat.sub(groupMeans(flat.sum(1), positions, groups))
    const variance = groupMeans(centered.square().sum(1), positions, groups)
    const inverse = variance.add(epsilon).rsqrt()
    return {
      value: centered.mul(inverse.mul(gamma)).add(beta),
      saved: [centered, inverse, gamma],
      gradients: (upstream, [kept, root, scale]) => gradients(upstream, kept!, root!, scale!, groups),
    }
  })
  return output.reshape(input.shape)
}
