import { attribute, executeMany, tf, types, type Attribute, type Tensor } from '../backend.ts'
import { channelsLast, floatType } from './attributes.ts'
import { differentiable } from './differentiable.ts'

function attributesOf(epsilon: number, training: boolean): Attribute[] {
  return [
    floatType,
    attribute.type('U', types.float32),
    attribute.float('epsilon', epsilon),
    channelsLast,
    attribute.bool('is_training', training),
  ]
}

/** The kernels know images only: [batch, units] becomes [batch, 1, 1, units]. */
function asImages(input: Tensor): Tensor {
  return input.rank === 2 ? input.reshape([input.shape[0]!, 1, 1, input.shape[1]!]) : input
}

export interface BatchNormalizationWeights {
  readonly gamma: Tensor
  readonly beta: Tensor
}

/**
 * Batch normalisation with the statistics of the batch (Ioffe and Szegedy 2015, algorithm 1):
 * gamma * (x - mean) / sqrt(variance + epsilon) + beta, per channel of the last axis.
 * @param input [batch, height, width, channels] or [batch, units]
 * @param onStatistics receives the batch's mean and biased variance, [channels]; they are disposed of afterwards.
 */
export function batchNormalizationTraining(
  input: Tensor,
  { gamma, beta }: BatchNormalizationWeights,
  epsilon: number,
  onStatistics: (mean: Tensor, variance: Tensor) => void,
): Tensor {
  const attributes = attributesOf(epsilon, true)
  const images = asImages(input)
  const output = differentiable([images, gamma, beta], () => {
    const none = tf.tensor1d([])
    const inputs = [images, gamma, beta, none, none]
    const [value, mean, unbiased, ...reserves] = executeMany('FusedBatchNormV3', attributes, inputs, 6)
    const count = images.size / gamma.size
    // The kernel hands back the unbiased variance; the running one is defined over the biased.
    onStatistics(mean!, unbiased!.mul((count - 1) / count))
    return {
      value: value!,
      saved: [images, gamma, ...reserves],
      gradients: (upstream, [x, scale, ...kept]) =>
        executeMany('FusedBatchNormGradV3', attributes, [upstream, x!, scale!, ...kept], 5).slice(0, 3),
    }
  })
  return output.reshape(input.shape)
}

/**
 * Batch normalisation with fixed statistics, [channels]: gamma * (x - mean) / sqrt(variance + epsilon) + beta. It has
 * a gradient too, because a layer that is no longer trained passes it on to those below.
 */
export function batchNormalizationInference(
  input: Tensor,
  { gamma, beta }: BatchNormalizationWeights,
  mean: Tensor,
  variance: Tensor,
  epsilon: number,
): Tensor {
  const attributes = attributesOf(epsilon, false)
  const images = asImages(input)
  const output = differentiable([images, gamma, beta], () => {
    const inputs = [images, gamma, beta, mean, variance]
    return {
      value: executeMany('FusedBatchNormV3', attributes, inputs, 6)[0]!,
      saved: [images, gamma, mean, variance],
      gradients: (upstream, [x, scale, fixedMean, fixedVariance]) =>
        tf.tidy(() => {
          // The sixth input is a reserve of the GPU's training kernel.
          const kept = [x!, scale!, fixedMean!, fixedVariance!, tf.tensor1d([])]
          return executeMany('FusedBatchNormGradV3', attributes, [upstream, ...kept], 5).slice(0, 3)
        }),
    }
  })
  return output.reshape(input.shape)
}
