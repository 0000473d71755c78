import { describe, expect, test } from 'vitest'
import { tf, type Tensor, type Tensor4D } from '../../../../src-core/engine/backend.ts'
import {
  batchNormalizationInference,
  batchNormalizationTraining,
} from '../../../../src-core/engine/kernels/batch-normalization.ts'
import { groupNormalization } from '../../../../src-core/engine/kernels/group-normalization.ts'
import { localResponseNormalization } from '../../../../src-core/engine/kernels/local-response-normalization.ts'
import { expectDifferentiates, expectSameAs, fixedValues } from '../gradient-check.ts'

const images = fixedValues([2, 6, 6, 4])

/** Batch normalisation spelled out, with the gradient that tfjs derives from its parts. */
function composedBatchNormalization(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number): Tensor {
  const axes = Array.from({ length: x.rank - 1 }, (_, axis) => axis)
  const mean = x.mean(axes)
  const variance = x.sub(mean).square().mean(axes)
  return x.sub(mean).div(variance.add(epsilon).sqrt()).mul(gamma).add(beta)
}

describe('batchNormalization', () => {
  const gamma = fixedValues([4], 5)
  const beta = fixedValues([4], 6)
  const training = (x: Tensor, g: Tensor, b: Tensor): Tensor =>
    batchNormalizationTraining(x, { gamma: g, beta: b }, 1e-3, () => {})

  test.each([[images], [fixedValues([7, 4])]])('equals its definition while training', (input) => {
    expectSameAs(
      (x, g, b) => training(x!, g!, b!),
      (x, g, b) => composedBatchNormalization(x!, g!, b!, 1e-3),
      [input, gamma, beta],
      1e-3,
    )
  })

  test('differentiates', () => {
    expectDifferentiates((x, g, b) => training(x!, g!, b!), [fixedValues([5, 4]), gamma, beta], 5e-2)
  })

  test('hands out the mean and the biased variance of the batch', () => {
    const input = tf.tensor2d([1, 2, 3, 6], [4, 1])
    let statistics: number[] = []
    tf.tidy(() => {
      batchNormalizationTraining(input, { gamma: tf.ones([1]), beta: tf.zeros([1]) }, 1e-3, (mean, variance) => {
        statistics = [mean.dataSync()[0]!, variance.dataSync()[0]!]
      })
    })
    expect(statistics[0]).toBeCloseTo(3)
    // Biased: (4 + 1 + 0 + 9) / 4; the unbiased one would be 4.667.
    expect(statistics[1]).toBeCloseTo(3.5)
  })

  test('uses the given statistics for inference', () => {
    const mean = fixedValues([4], 7)
    const variance = tf.tidy(() => fixedValues([4], 8).abs().add(0.1))
    const ours = batchNormalizationInference(images, { gamma, beta }, mean, variance, 1e-3)
    const theirs = tf.batchNorm(
      images as Tensor4D,
      mean as never,
      variance as never,
      beta as never,
      gamma as never,
      1e-3,
    )
    expect(ours.sub(theirs).abs().max().dataSync()[0]).toBeLessThan(1e-5)
  })

  test('passes the gradient on with the given statistics as constants', () => {
    const mean = fixedValues([4], 7)
    const variance = tf.tidy(() => fixedValues([4], 8).abs().add(0.1))
    expectSameAs(
      (x, g, b) => batchNormalizationInference(x!, { gamma: g!, beta: b! }, mean, variance, 1e-3),
      (x, g, b) => x!.sub(mean).div(variance.add(1e-3).sqrt()).mul(g!).add(b!),
      [images, gamma, beta],
      1e-3,
    )
    expectDifferentiates(
      (x, g, b) => batchNormalizationInference(x!, { gamma: g!, beta: b! }, mean, variance, 1e-3),
      [fixedValues([3, 4]), gamma, beta],
    )
  })
})

/** Group normalisation spelled out, with the gradient that tfjs derives from its parts. */
function composedGroupNormalization(x: Tensor, gamma: Tensor, beta: Tensor, groups: number, epsilon: number): Tensor {
  const parts = x.reshape([x.shape[0]!, -1, groups, gamma.size / groups])
  const mean = parts.mean([1, 3], true)
  const variance = parts.sub(mean).square().mean([1, 3], true)
  return parts.sub(mean).div(variance.add(epsilon).sqrt()).reshape(x.shape).mul(gamma).add(beta)
}

describe('groupNormalization', () => {
  const gamma = fixedValues([4], 5)
  const beta = fixedValues([4], 6)

  test.each([
    ['images', images, 2],
    ['units', fixedValues([7, 4]), 2],
    ['one group', images, 1],
    ['one channel per group', images, 4],
  ])('equals its definition: %s', (_, input, groups) => {
    expectSameAs(
      (x, g, b) => groupNormalization(x!, g!, b!, { groups, epsilon: 1e-3 }),
      (x, g, b) => composedGroupNormalization(x!, g!, b!, groups, 1e-3),
      [input, gamma, beta],
      1e-3,
    )
  })

  test.each([[[2, 2, 2, 4]], [[3, 4]]])('differentiates %j', (shape) => {
    const inputs = [fixedValues(shape), gamma, beta]
    expectDifferentiates((x, g, b) => groupNormalization(x!, g!, b!, { groups: 2, epsilon: 1e-1 }), inputs)
  })

  test('does not lose a small variance beside a large mean', () => {
    const far = tf.tidy(() => images.mul(0.5).add(1000))
    const options = { groups: 2, epsilon: 1e-5 }
    const near = groupNormalization(images.mul(0.5), gamma, beta, options)
    const difference = groupNormalization(far, gamma, beta, options).sub(near).abs().max().dataSync()[0]
    // 1000 leaves float32 a resolution of 6e-5 for values of about 0.5.
    expect(difference).toBeLessThan(1e-3)
  })
})

/** The formula of the paper, channel by channel. */
function composedLocalResponseNormalization(x: Tensor, n: number, k: number, alpha: number, beta: number): Tensor {
  const radius = (n - 1) / 2
  const channels = x.shape.at(-1)!
  const slices = tf.split(x.square(), channels, -1)
  const sums = slices.map((_, channel) => tf.addN(slices.slice(Math.max(0, channel - radius), channel + radius + 1)))
  return x.div(tf.concat(sums, -1).mul(alpha).add(k).pow(beta))
}

describe('localResponseNormalization', () => {
  const options = { n: 5, k: 2, alpha: 0.3, beta: 0.75 }
  const wide = fixedValues([2, 2, 2, 9])

  test("equals the paper's formula: alpha is not divided by n", () => {
    expectSameAs(
      (x) => localResponseNormalization(x!, options),
      (x) => composedLocalResponseNormalization(x!, options.n, options.k, options.alpha, options.beta),
      [wide],
    )
  })

  test('differentiates', () => {
    expectDifferentiates((x) => localResponseNormalization(x!, options), [fixedValues([1, 1, 2, 6])])
  })
})
