import { describe, expect, test } from 'vitest'
import { tf, type Tensor4D } from '../../../../src-core/engine/backend.ts'
import { biasAdd } from '../../../../src-core/engine/kernels/bias-add.ts'
import { conv2d, groupedConv2d } from '../../../../src-core/engine/kernels/convolution/conv2d.ts'
import { matMul } from '../../../../src-core/engine/kernels/mat-mul.ts'
import { expectDifferentiates, expectSameAs, fixedValues } from '../gradient-check.ts'

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

describe('groupedConv2d', () => {
  test('with one group equals conv2d', () => {
    const options = { stride: 1, padding: 'same' } as const
    expectSameAs(
      (x, w) => groupedConv2d(x!, w!, 1, options),
      (x, w) => conv2d(x!, w!, options),
      [images, fixedValues([3, 3, 4, 6], 1)],
    )
  })

  test('keeps the groups apart: a group that is zeroed changes its own filters only', () => {
    const filter = fixedValues([3, 3, 2, 6], 1)
    const options = { stride: 1, padding: 'same' } as const
    const zeroed = tf.concat([images.slice([0, 0, 0, 0], [2, 6, 6, 2]), tf.zeros([2, 6, 6, 2])], -1)
    const [first, second] = tf.split(groupedConv2d(zeroed, filter, 2, options), 2, -1)
    const [expected] = tf.split(groupedConv2d(images, filter, 2, options), 2, -1)
    expect(first!.dataSync()).toEqual(expected!.dataSync())
    expect(second!.abs().max().dataSync()[0]).toBe(0)
  })

  test.each([
    [2, { stride: 1, padding: 'same' }],
    [2, { stride: 2, padding: 'valid' }],
  ] as const)('differentiates (%i groups, %o)', (groups, options) => {
    const small = [fixedValues([1, 4, 4, 4]), fixedValues([3, 3, 2, 4], 1)]
    expectDifferentiates((x, w) => groupedConv2d(x!, w!, groups, options), small)
  })

  test('leaves out the gradient of images, not that of the filter', () => {
    const options = { stride: 1, padding: 'same' } as const
    expectSameAs(
      (w) => groupedConv2d(images, w!, 2, { ...options, inputGradient: false }),
      (w) => groupedConv2d(images, w!, 2, options),
      [fixedValues([3, 3, 2, 6], 1)],
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
