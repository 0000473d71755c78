import { describe, expect, test } from 'vitest'
import { tf, type Tensor } from '../../../../src-core/engine/backend.ts'
import { gelu, leakyRelu, relu, sigmoid, tanh } from '../../../../src-core/engine/kernels/activations.ts'
import { expectDifferentiates, expectSameAs, fixedValues } from '../gradient-check.ts'

const images = fixedValues([2, 6, 6, 4]).mul(3)

describe.each([
  ['relu', relu, (x) => tf.relu(x)],
  ['tanh', tanh, (x) => tf.tanh(x)],
  ['sigmoid', sigmoid, (x) => tf.sigmoid(x)],
  ['leakyRelu', (x) => leakyRelu(x, 0.2), (x) => tf.leakyRelu(x, 0.2)],
  ['gelu', gelu, (x) => x.mul(0.5).mul(tf.erf(x.div(Math.SQRT2)).add(1))],
] as [string, (x: Tensor) => Tensor, (x: Tensor) => Tensor][])('%s', (_, fused, composed) => {
  test('equals TensorFlow.js', () => {
    expectSameAs(
      (x) => fused(x!),
      (x) => composed(x!),
      [images],
      1e-5,
    )
  })

  test('differentiates away from 0', () => {
    expectDifferentiates((x) => fused(x!), [tf.tensor1d([-2, -0.5, 0.5, 2])], 1e-3)
  })
})

test('saturated activations stay finite', () => {
  const far = tf.tensor1d([-1e4, 1e4])
  for (const activation of [tanh, sigmoid, gelu]) {
    const gradient = tf.tidy(() =>
      tf
        .grad((x: Tensor) => activation(x).sum())(far)
        .dataSync(),
    )
    expect([...gradient].every(Number.isFinite)).toBe(true)
  }
})
