import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { optimizers, plainTraining, type TrainingSpec } from '../../../src-core/domain/spec/training-spec.ts'
import { tf, type Tensor } from '../../../src-core/engine/backend.ts'
import type { NamedTensor } from '../../../src-core/engine/files/tensor-file.ts'
import { AdamOptimizer } from '../../../src-core/engine/training/optimizers/adam.ts'
import { makeOptimizer } from '../../../src-core/engine/training/optimizers/make-optimizer.ts'
import type { Optimizer } from '../../../src-core/engine/training/optimizers/optimizer.ts'
import { gradientsOf, valuesOf, weightOf } from './training-weights.ts'

interface Case {
  training: Partial<TrainingSpec>
  expected: number[][]
}

const { weights, gradients, learningRates, cases } = JSON.parse(
  readFileSync(new URL('../../fixtures/optimizers.json', import.meta.url), 'utf8'),
) as { weights: number[]; gradients: number[][]; learningRates: number[]; cases: Record<string, Case> }

function trainingOf({ weightDecay, ...fields }: Partial<TrainingSpec>): TrainingSpec {
  return { ...plainTraining, ...fields, weightDecay: { ...plainTraining.weightDecay, ...weightDecay } }
}

function slotTensors(optimizer: Optimizer): Map<string, Tensor> {
  const tensorOf = ({ name, shape, read }: NamedTensor) => [name, tf.tensor(read().slice(), [...shape])] as const
  return new Map(optimizer.slots().map(tensorOf))
}

function expectClose(ours: readonly number[], expected: readonly number[], tolerance = 2e-6): void {
  ours.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(tolerance))
}

describe.each(Object.entries(cases))('%s', (_name, { training, expected }) => {
  const spec = trainingOf(training)

  test('changes the weights as its reference does, over a changing learning rate', () => {
    const before = tf.memory().numTensors
    const weight = weightOf('fc6/kernel', weights)
    const optimizer = makeOptimizer(spec, [weight], ['fc6'])
    gradients.forEach((gradient, step) => {
      optimizer.apply(gradientsOf([[weight, gradient]]), learningRates[step]!)
      expectClose(valuesOf(weight), expected[step]!)
    })
    optimizer.dispose()
    expectClose(valuesOf(weight), expected.at(-1)!)
    weight.variable.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  test('goes on to the very bit from its slots', () => {
    const run = (split: boolean): number[] => {
      const weight = weightOf('fc6/kernel', weights)
      let optimizer = makeOptimizer(spec, [weight], ['fc6'])
      gradients.forEach((gradient, step) => {
        if (split && step === 3) {
          const slots = slotTensors(optimizer)
          optimizer.dispose()
          optimizer = makeOptimizer(spec, [weight], ['fc6'])
          optimizer.restore(slots)
          tf.dispose([...slots.values()])
        }
        optimizer.apply(gradientsOf([[weight, gradient]]), learningRates[step]!)
      })
      optimizer.dispose()
      return valuesOf(weight)
    }
    expect(run(true)).toEqual(run(false))
  })
})

describe.each(optimizers)('%s', (optimizer) => {
  test('keeps the number of tensors flat and leaves weights without a gradient alone', () => {
    const weightDecay = { ...plainTraining.weightDecay, form: 'gradient' as const, value: 0.1 }
    const trained = weightOf('conv1/kernel', weights)
    const frozen = weightOf('conv2/kernel', weights)
    const rule = makeOptimizer(trainingOf({ optimizer, weightDecay }), [trained, frozen], ['conv1', 'conv2'])
    const counts = gradients.map((gradient) => {
      rule.apply(gradientsOf([[trained, gradient]]), 0.1)
      return tf.memory().numTensors
    })
    expect(new Set(counts).size).toBe(1)
    expect(valuesOf(frozen)).toEqual([...Float32Array.from(weights)])
    expect(valuesOf(trained)).not.toEqual(valuesOf(frozen))
    rule.dispose()
  })
})

test('Adam counts the updates of each weight, so that a layer that was frozen begins with a corrected mean', () => {
  const early = weightOf('conv1/kernel', [1])
  const late = weightOf('conv2/kernel', [1])
  const optimizer = new AdamOptimizer([early, late], { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 })
  for (let step = 0; step < 5; step++) optimizer.apply(gradientsOf([[early, [2]]]), 0.01)
  optimizer.apply(gradientsOf([[late, [2]]]), 0.01)
  // The first step of Adam is the learning rate, whatever the gradient.
  expectClose(valuesOf(late), [0.99])
  expect(slotTensors(optimizer).get('conv1/kernel/updates')!.dataSync()[0]).toBe(5)
  optimizer.dispose()
})

test('only the weights that decay decay', () => {
  const names = ['conv1/kernel', 'conv1/bias', 'bn1/gamma', 'bn1/beta', 'conv2/kernel', 'conv2/bias']
  const decayed = (weightDecay: Partial<TrainingSpec['weightDecay']>): string[] => {
    const all = names.map((name) => weightOf(name, [1]))
    const decay = { ...plainTraining.weightDecay, form: 'decoupled' as const, value: 0.5, ...weightDecay }
    const optimizer = makeOptimizer(trainingOf({ optimizer: 'sgd', weightDecay: decay }), all, ['conv1', 'conv2'])
    optimizer.apply(gradientsOf(all.map((weight) => [weight, [0]] as const)), 0.1)
    optimizer.dispose()
    return all.filter((weight) => valuesOf(weight)[0]! < 1).map(({ name }) => name)
  }
  expect(decayed({})).toEqual(names)
  expect(decayed({ biases: false })).toEqual(names.filter((name) => !name.endsWith('bias')))
  expect(decayed({ normalization: false })).toEqual(names.filter((name) => !name.startsWith('bn')))
  expect(decayed({ exclude: ['conv1'] })).toEqual(['conv2/kernel', 'conv2/bias'])
})

test('the learning rate falls by the layer factor for each layer below the last', () => {
  const learned = ['conv1', 'conv2', 'fc3']
  const all = ['conv1/kernel', 'bn1/gamma', 'conv2/kernel', 'fc3/kernel'].map((name) => weightOf(name, [1]))
  const transfer = { ...plainTraining.transfer, layerFactor: 0.5 }
  const optimizer = makeOptimizer(trainingOf({ optimizer: 'sgd', transfer }), all, learned)
  optimizer.apply(gradientsOf(all.map((weight) => [weight, [1]] as const)), 0.4)
  expectClose(
    all.map((weight) => valuesOf(weight)[0]!),
    [0.9, 0.9, 0.8, 0.6],
  )
  optimizer.dispose()
})

test('weights that are not trainable are not touched', () => {
  const mean = weightOf('bn1/moving_mean', [1], false)
  const optimizer = makeOptimizer(plainTraining, [mean], ['conv1'])
  optimizer.apply(gradientsOf([[mean, [1]]]), 0.1)
  expect([valuesOf(mean), optimizer.slots()]).toEqual([[1], []])
})

test.each([
  ['missing', new Map<string, Tensor>(), 'it has no fc6/kernel/m of shape 6'],
  ['of another shape', new Map([['fc6/kernel/m', tf.zeros([5])]]), 'it has no fc6/kernel/m of shape 6'],
])('a slot that is %s is a damaged checkpoint', (_name, slots, message) => {
  const optimizer = makeOptimizer(trainingOf({ optimizer: 'adam' }), [weightOf('fc6/kernel', weights)], ['fc6'])
  const restore = (): void => optimizer.restore(slots)
  expect(restore).toThrow(expect.objectContaining({ code: 'checkpoint-damaged' }))
  expect(restore).toThrow(message)
})

test.each(['adam', 'rmsprop'] as const)("%s refuses the paper's weight decay", (optimizer) => {
  const weightDecay = { ...plainTraining.weightDecay, form: 'paper' as const, value: 0.1 }
  const make = () => makeOptimizer(trainingOf({ optimizer, weightDecay }), [], [])
  expect(make).toThrow(expect.objectContaining({ code: 'invalid-value' }))
})
