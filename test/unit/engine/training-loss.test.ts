import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { tf, type Tensor, type Tensor4D } from '../../../src-core/engine/backend.ts'
import { crossEntropy, type CrossEntropyOptions } from '../../../src-core/engine/kernels/softmax-cross-entropy.ts'
import { metricNames } from '../../../src-core/domain/metrics.ts'
import { divergenceNote, findDivergence } from '../../../src-core/engine/training/divergence.ts'
import { clipByGlobalNorm } from '../../../src-core/engine/training/gradient-clip.ts'
import { firstNotFinite } from '../../../src-core/engine/training/finite-weights.ts'
import { expectDifferentiates } from './gradient-check.ts'
import { gradientsOf, valuesOf, weightOf } from './training-weights.ts'

type LossCase = CrossEntropyOptions & { loss: number; gradient: number[][] }

const fixture = JSON.parse(readFileSync(new URL('../../fixtures/losses.json', import.meta.url), 'utf8')) as {
  logits: number[][]
  labels: number[]
  cases: Record<string, LossCase>
}
const labels = tf.tensor1d(fixture.labels, 'int32')
const logits = tf.tensor2d(fixture.logits)

describe.each(Object.entries(fixture.cases))('cross-entropy, %s', (_name, { loss, gradient, ...options }) => {
  test("has PyTorch's value and gradient", () => {
    const before = tf.memory().numTensors
    tf.tidy(() => {
      const { value, grad } = tf.valueAndGrad((x: Tensor) => crossEntropy(x, labels, options))(logits)
      expect(Math.abs(value.dataSync()[0]! - loss)).toBeLessThan(2e-6)
      grad.dataSync().forEach((ours, i) => expect(Math.abs(ours - gradient.flat()[i]!)).toBeLessThan(1e-6))
    })
    expect(tf.memory().numTensors).toBe(before)
  })

  test('differentiates as its values say', () => {
    expectDifferentiates((x) => crossEntropy(x!, labels, options), [logits], 5e-3)
  })
})

test('a confidently wrong answer keeps its gradient with smoothing and weights', () => {
  const wrong = tf.tensor2d([[200, -200]])
  const options = { labelSmoothing: 0.1, classWeights: [1, 2] }
  const gradient = tf.grad((x: Tensor) => crossEntropy(x, tf.tensor1d([1], 'int32'), options))(wrong)
  expect(gradient.dataSync()[1]).toBeCloseTo(-0.95)
})

test('a batch whose labels all weigh nothing has loss and gradient 0', () => {
  const options = { labelSmoothing: 0, classWeights: [0, 1] }
  const { value, grad } = tf.valueAndGrad((x: Tensor) => crossEntropy(x, tf.tensor1d([0], 'int32'), options))(
    tf.tensor2d([[1, 2]]),
  )
  expect([...value.dataSync(), ...grad.dataSync()].map(Math.abs)).toEqual([0, 0, 0])
})

describe('clipping by the global norm', () => {
  const [a, b] = [weightOf('conv1/kernel', [0]), weightOf('conv2/kernel', [0])]

  function clipped(largest: number) {
    const gradients = gradientsOf([
      [a, [3, 0]],
      [b, [0, 4]],
    ])
    const norm = clipByGlobalNorm(gradients, largest)
    return { norm, values: Object.values(gradients).flatMap((gradient) => [...gradient.dataSync()]) }
  }

  test('scales all gradients together and tells the norm before', () => {
    const { norm, values } = clipped(1)
    expect(norm).toBeCloseTo(5)
    values.forEach((value, i) => expect(value).toBeCloseTo([0.6, 0, 0, 0.8][i]!))
  })

  test('leaves gradients within the limit as they are', () => {
    expect(clipped(5)).toEqual({ norm: 5, values: [3, 0, 0, 4] })
  })

  test('leaves gradients alone whose norm is beyond float32, and the run ends as diverged there', () => {
    const gradients = { weight: tf.tensor1d([3e19, 1]) }
    const gradientNorm = clipByGlobalNorm(gradients, 1)
    expect([gradientNorm, gradients.weight.dataSync()[1]]).toEqual([Infinity, 1])
    const metrics = { [metricNames.gradientNorm]: gradientNorm }
    const step = { loss: 1, learningRate: 0.1, metrics, artifacts: [] }
    const batch = { images: tf.zeros([1, 2, 2, 1]) as Tensor4D, labels: tf.tensor1d([7], 'int32'), crops: 1 }
    const divergence = findDivergence(3, step, { ...batch, indices: Uint32Array.of(42) }, [])!
    expect(divergence).toMatchObject({ what: 'gradients', step: 3, images: [42], labels: [7] })
    expect(divergenceNote(divergence)).toContain('the gradients of step 3 are not finite numbers')
    tf.dispose([gradients.weight, batch.images, batch.labels])
  })
})

describe('firstNotFinite', () => {
  test.each([
    [[1, NaN], 'conv2/kernel'],
    [[Infinity, 1], 'conv2/kernel'],
    [[1, 2], null],
    // Their squares overflow, they themselves are finite.
    [[3e38, -3e38], null],
  ])('of %j', (values, expected) => {
    const before = tf.memory().numTensors
    const all = [weightOf('conv1/kernel', [1]), weightOf('conv2/kernel', values)]
    expect(firstNotFinite(all)).toBe(expected)
    expect(valuesOf(all[0]!)).toEqual([1])
    for (const { variable } of all) variable.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})
