import { describe, expect, it } from 'vitest'
import { tf, type Tensor, type Tensor4D } from '../../../../src-core/engine/backend.ts'
import { conv2d, groupedConv2d } from '../../../../src-core/engine/kernels/convolution/conv2d.ts'
import { matMul } from '../../../../src-core/engine/kernels/mat-mul.ts'
import { statelessNormal } from '../../../../src-core/engine/kernels/stateless-random.ts'

/** Half the last place of bfloat16's eight bits: the largest relative error of rounding one number. */
const unit = 2 ** -9

type Operation = (input: Tensor, weights: Tensor) => Tensor

function relativeError(a: Tensor, b: Tensor): number {
  return tf.tidy(() => a.sub(b).norm().div(b.norm()).dataSync()[0]!)
}

/** Value and both gradients. */
function everything(operation: Operation, input: Tensor, weights: Tensor): Tensor[] {
  const scalar = (x: Tensor, w: Tensor): Tensor => operation(x, w).square().sum()
  return [operation(input, weights), ...tf.grads(scalar)([input, weights])]
}

const cases: readonly (readonly [string, Operation, Operation, number[], number[]])[] = [
  [
    'convolution',
    (x, w) => conv2d(x, w, { stride: 1, padding: 'same', precision: 'bfloat16' }),
    (x, w) => tf.conv2d(x as Tensor4D, w as Tensor4D, 1, 'same'),
    [2, 9, 9, 16],
    [3, 3, 16, 8],
  ],
  [
    'strided convolution',
    (x, w) => conv2d(x, w, { stride: 4, padding: 'valid', precision: 'bfloat16' }),
    (x, w) => tf.conv2d(x as Tensor4D, w as Tensor4D, 4, 'valid'),
    [2, 23, 23, 3],
    [11, 11, 3, 8],
  ],
  [
    'grouped convolution',
    (x, w) => groupedConv2d(x, w, 2, { stride: 1, padding: 'same', precision: 'bfloat16' }),
    (x, w) => groupedConv2d(x, w, 2, { stride: 1, padding: 'same' }),
    [2, 5, 5, 8],
    [3, 3, 4, 6],
  ],
  [
    'fully connected layer',
    (x, w) => matMul(x, w, { precision: 'bfloat16' }),
    (x, w) => matMul(x, w),
    [16, 64],
    [64, 32],
  ],
]

describe.each(cases)('%s in bfloat16', (_, inBfloat16, inFloat32, inputShape, weightShape) => {
  const draw = (shape: number[], seed: number): Tensor => statelessNormal(shape, [seed, 0])

  it('differs from float32 by the rounding of bfloat16, forward and in both gradients, and is not the same', () => {
    tf.tidy(() => {
      const [input, weights] = [draw(inputShape, 1), draw(weightShape, 2)]
      const expected = everything(inFloat32, input, weights)
      everything(inBfloat16, input, weights).forEach((tensor, which) => {
        const error = relativeError(tensor, expected[which]!)
        expect(error).toBeLessThan(8 * unit)
        expect(error).toBeGreaterThan(unit / 10)
      })
    })
  })

  it('leaves no value behind', () => {
    const held = (): number => tf.memory().numTensors
    const before = held()
    tf.tidy(() => everything(inBfloat16, draw(inputShape, 5), draw(weightShape, 6)).forEach((t) => t.dataSync()))
    expect(held()).toBe(before)
  })
})
