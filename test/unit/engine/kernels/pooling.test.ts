import { describe, test } from 'vitest'
import { tf, type Tensor4D } from '../../../../src-core/engine/backend.ts'
import { averagePool } from '../../../../src-core/engine/kernels/average-pool.ts'
import { hasOneDnnMaxPool, maxPool } from '../../../../src-core/engine/kernels/max-pool.ts'
import { expectDifferentiates, expectSameAs, fixedValues } from '../gradient-check.ts'

const images = fixedValues([2, 6, 6, 4])

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

describe('averagePool', () => {
  test.each([
    { size: 2, stride: 2 },
    { size: 3, stride: 2 },
    { size: 3, stride: 1 },
  ])('equals tf.avgPool with %o', (options) => {
    expectSameAs(
      (x) => averagePool(x!, options),
      (x) => tf.avgPool(x as Tensor4D, options.size, options.stride, 'valid'),
      [images],
    )
  })

  test('differentiates', () => {
    expectDifferentiates((x) => averagePool(x!, { size: 3, stride: 2 }), [fixedValues([1, 5, 5, 2])])
  })
})
