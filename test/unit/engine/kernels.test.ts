import { describe, expect, test } from 'vitest'
import { tf, type Tensor, type Tensor4D } from '../../../src-core/engine/backend.ts'
import {
  batchNormalizationInference,
  batchNormalizationTraining,
} from '../../../src-core/engine/kernels/batch-normalization.ts'
import { biasAdd } from '../../../src-core/engine/kernels/bias-add.ts'
import { conv2d } from '../../../src-core/engine/kernels/conv2d.ts'
import { dropout } from '../../../src-core/engine/kernels/dropout.ts'
import { localResponseNormalization } from '../../../src-core/engine/kernels/local-response-normalization.ts'
import { matMul } from '../../../src-core/engine/kernels/mat-mul.ts'
import { hasOneDnnMaxPool, maxPool } from '../../../src-core/engine/kernels/max-pool.ts'
import { relu } from '../../../src-core/engine/kernels/relu.ts'
import { softmaxCrossEntropy } from '../../../src-core/engine/kernels/softmax-cross-entropy.ts'
import {
  statelessNormal,
  statelessTruncatedNormal,
  statelessUniform,
} from '../../../src-core/engine/kernels/stateless-random.ts'
import { expectDifferentiates, expectSameAs, fixedValues } from './gradient-check.ts'

const images = fixedValues([2, 6, 6, 4])

describe('conv2d', () => {
  const filter = fixedValues([3, 3, 4, 5], 1)
  const cases = [
    { stride: 1, padding: 'same' },
    { stride: 2, padding: 'same' },
    { stride: 2, padding: 'valid' },
  ] as const

  test.each(cases)('equals tf.conv2d with %o', (options) => {
    expectSameAs(
      (x, w) => conv2d(x!, w!, options),
      (x, w) => tf.conv2d(x as Tensor4D, w as Tensor4D, options.stride, options.padding),
      [images, filter],
    )
  })

  test('differentiates', () => {
    const small = [fixedValues([1, 4, 4, 2]), fixedValues([3, 3, 2, 2], 1)]
    expectDifferentiates((x, w) => conv2d(x!, w!, { stride: 1, padding: 'valid' }), small)
  })

  test('leaves out the gradient of images, not that of the filter', () => {
    const options = { stride: 1, padding: 'same', inputGradient: false } as const
    expectSameAs(
      (w) => conv2d(images, w!, options),
      (w) => tf.conv2d(images as Tensor4D, w as Tensor4D, 1, 'same'),
      [filter],
    )
  })
})

describe('biasAdd', () => {
  test('equals add', () => {
    expectSameAs(
      (x, b) => biasAdd(x!, b!),
      (x, b) => x!.add(b!),
      [images, fixedValues([4], 2)],
    )
    expectSameAs(
      (x, b) => biasAdd(x!, b!),
      (x, b) => x!.add(b!),
      [fixedValues([3, 5]), fixedValues([5], 2)],
    )
  })

  test('differentiates', () => {
    expectDifferentiates((x, b) => biasAdd(x!, b!), [fixedValues([2, 3]), fixedValues([3], 2)])
  })
})

describe('relu', () => {
  test('equals tf.relu', () => {
    expectSameAs(
      (x) => relu(x!),
      (x) => tf.relu(x!),
      [images],
    )
  })

  test('differentiates away from 0', () => {
    expectDifferentiates((x) => relu(x!), [tf.tensor1d([-2, -0.5, 0.5, 2])])
  })
})

describe('maxPool', () => {
  const ways = [false, ...(hasOneDnnMaxPool() ? [true] : [])]

  test.each(ways)('equals tf.maxPool (oneDNN: %s)', (oneDnn) => {
    for (const options of [
      { size: 2, stride: 2 },
      { size: 3, stride: 2 },
      { size: 3, stride: 1 },
    ]) {
      expectSameAs(
        (x) => maxPool(x!, options, oneDnn),
        (x) => tf.maxPool(x as Tensor4D, options.size, options.stride, 'valid'),
        [images],
      )
    }
  })

  test.each(ways)('differentiates (oneDNN: %s)', (oneDnn) => {
    const apart = tf.tensor4d([5, 1, 7, 3, 9, 2, 8, 4, 6], [1, 3, 3, 1])
    expectDifferentiates((x) => maxPool(x!, { size: 2, stride: 1 }, oneDnn), [apart])
  })
})

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

describe('matMul', () => {
  test('equals tf.matMul', () => {
    expectSameAs(
      (x, w) => matMul(x!, w!),
      (x, w) => tf.matMul(x!, w!),
      [fixedValues([3, 4]), fixedValues([4, 5], 1)],
    )
  })

  test('differentiates', () => {
    expectDifferentiates((x, w) => matMul(x!, w!), [fixedValues([2, 3]), fixedValues([3, 2], 1)])
  })
})

describe('softmaxCrossEntropy', () => {
  const logits = fixedValues([4, 3]).mul(3)
  const labels = tf.tensor1d([0, 2, 1, 1], 'int32')

  test('equals the mean of -log softmax', () => {
    expectSameAs(
      (x) => softmaxCrossEntropy(x!, labels),
      (x) => tf.logSoftmax(x!).mul(tf.oneHot(labels, 3)).sum(-1).neg().mean(),
      [logits],
    )
  })

  test('differentiates', () => {
    expectDifferentiates((x) => softmaxCrossEntropy(x!, labels), [logits])
  })

  test('keeps the gradient of a confidently wrong answer', () => {
    const wrong = tf.tensor2d([[100, -100]])
    const gradient = tf.grad((x: Tensor) => softmaxCrossEntropy(x, tf.tensor1d([1], 'int32')))(wrong)
    expect([...gradient.dataSync()]).toEqual([1, -1])
  })
})

describe('dropout', () => {
  const ones = tf.ones([100, 100])

  test('keeps about 1 - rate of the values and scales them', () => {
    const values = dropout(ones, 0.4, [5, 1]).dataSync()
    const kept = values.filter((value) => value !== 0)
    expect(kept.every((value) => Math.abs(value - 1 / 0.6) < 1e-6)).toBe(true)
    // Four standard deviations of a binomial share: 4 * sqrt(0.4 * 0.6 / 10000).
    expect(Math.abs(kept.length / values.length - 0.6)).toBeLessThan(0.02)
  })

  test('repeats for an equal seed pair and differs for another', () => {
    const mask = (step: number): string => String(dropout(ones, 0.5, [5, step]).dataSync())
    expect(mask(1)).toBe(mask(1))
    expect(mask(1)).not.toBe(mask(2))
  })

  test('differentiates through the same mask, without a tensor left over', () => {
    const before = tf.memory().numTensors
    tf.tidy(() => {
      const gradient = tf.grad((x: Tensor) => dropout(x, 0.5, [5, 1]).sum())(ones)
      expect(
        gradient
          .sub(dropout(ones, 0.5, [5, 1]))
          .abs()
          .max()
          .dataSync()[0],
      ).toBe(0)
    })
    expect(tf.memory().numTensors).toBe(before)
    expectDifferentiates((x) => dropout(x!, 0.5, [5, 1]), [fixedValues([2, 3])])
  })
})

describe('stateless random numbers', () => {
  const shape = [200, 200]

  test.each([
    ['uniform', statelessUniform, 0.5, Math.sqrt(1 / 12)],
    ['normal', statelessNormal, 0, 1],
    ['truncated normal', statelessTruncatedNormal, 0, 0.87962566103423978],
  ])('%s: mean and deviation, equal for equal seeds', (_, draw, mean, deviation) => {
    const before = tf.memory().numTensors
    tf.tidy(() => {
      const moments = tf.moments(draw(shape, [3, 4]))
      expect(moments.mean.dataSync()[0]).toBeCloseTo(mean, 1)
      expect(Math.sqrt(moments.variance.dataSync()[0]!)).toBeCloseTo(deviation, 1)
      expect(draw(shape, [3, 4]).dataSync()).toEqual(draw(shape, [3, 4]).dataSync())
      expect(draw(shape, [3, 4]).dataSync()).not.toEqual(draw(shape, [4, 4]).dataSync())
    })
    expect(tf.memory().numTensors).toBe(before)
  })
})
