import { describe, expect, test } from 'vitest'
import { tf, type Tensor } from '../../../../src-core/engine/backend.ts'
import { dropout } from '../../../../src-core/engine/kernels/dropout.ts'
import {
  statelessNormal,
  statelessTruncatedNormal,
  statelessUniform,
} from '../../../../src-core/engine/kernels/stateless-random.ts'
import { expectDifferentiates, fixedValues } from '../gradient-check.ts'

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
