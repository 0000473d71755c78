import { describe, expect, test } from 'vitest'
import { tf, type Tensor } from '../../../../src-core/engine/backend.ts'
import { softmaxCrossEntropy } from '../../../../src-core/engine/kernels/softmax-cross-entropy.ts'
import { expectDifferentiates, expectSameAs, fixedValues } from '../gradient-check.ts'

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
