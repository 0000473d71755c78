import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { tf, type Tensor } from '../../../../src-core/engine/backend.ts'
import { gelu, leakyRelu, sigmoid, tanh } from '../../../../src-core/engine/kernels/activations.ts'
import { averagePool } from '../../../../src-core/engine/kernels/average-pool.ts'
import { batchNormalizationInference } from '../../../../src-core/engine/kernels/batch-normalization.ts'
import { groupedConv2d } from '../../../../src-core/engine/kernels/convolution/conv2d.ts'
import { groupNormalization } from '../../../../src-core/engine/kernels/group-normalization.ts'
import { localResponseNormalization } from '../../../../src-core/engine/kernels/local-response-normalization.ts'
import { fixedValues } from '../gradient-check.ts'

/** Values and gradients that PyTorch computed in float64; the file's `origin` says how. */
interface ReferenceCase {
  readonly operation: keyof typeof operations
  readonly options: never
  readonly inputs: number[][]
  readonly scale: number
  readonly output: number[]
  readonly values: number[]
  readonly gradients: number[][]
}

type Operation = (options: never, ...inputs: Tensor[]) => Tensor

const operations = {
  tanh: (_, x) => tanh(x!),
  sigmoid: (_, x) => sigmoid(x!),
  leakyRelu: ({ slope }: { slope: number }, x) => leakyRelu(x!, slope),
  gelu: (_, x) => gelu(x!),
  averagePool: (options, x) => averagePool(x!, options),
  groupedConv2d: (options: { groups: number; stride: number; padding: 'same' | 'valid' }, x, w) =>
    groupedConv2d(x!, w!, options.groups, options),
  groupNormalization: (options, x, gamma, beta) => groupNormalization(x!, gamma!, beta!, options),
  localResponseNormalization: (options, x) => localResponseNormalization(x!, options),
  batchNormalizationInference: ({ epsilon }: { epsilon: number }, x, gamma, beta) => {
    const mean = fixedValues([4], 7)
    const variance = fixedValues([4], 8).abs().add(0.1)
    return batchNormalizationInference(x!, { gamma: gamma!, beta: beta! }, mean, variance, epsilon)
  },
} satisfies Record<string, Operation>

const file = new URL('../../../fixtures/layers.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: ReferenceCase[] }

/** float32 against float64: seven digits, a few of which go into the sums. */
const tolerance = 2e-5

function expectClose(actual: Tensor, shape: number[], expected: number[]): void {
  expect(actual.shape).toEqual(shape)
  const values = actual.dataSync()
  const largest = Math.max(...expected.map((value, i) => Math.abs(value - values[i]!) / Math.max(1, Math.abs(value))))
  expect(largest).toBeLessThan(tolerance)
}

describe('kernels against PyTorch', () => {
  test('cover every operation of the reference', () => {
    expect([...new Set(cases.map(({ operation }) => operation))].sort()).toEqual(Object.keys(operations).sort())
  })

  test.each(cases)('$operation $options', ({ operation, options, inputs, scale, output, values, gradients }) => {
    const before = tf.memory().numTensors
    tf.tidy(() => {
      const tensors = inputs.map((shape, i) => fixedValues(shape, i).mul(i === 0 ? scale : 1))
      const compute = (...args: Tensor[]): Tensor => (operations[operation] as Operation)(options, ...args)
      expectClose(compute(...tensors), output, values)
      const weighted = (...args: Tensor[]): Tensor =>
        compute(...args)
          .mul(fixedValues(output, 3))
          .sum()
      tf.grads(weighted)(tensors).forEach((gradient, i) => expectClose(gradient, inputs[i]!, gradients[i]!))
    })
    expect(tf.memory().numTensors).toBe(before)
  })
})
