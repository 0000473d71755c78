import type { Rank } from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import { plainTraining } from '../../../src-core/domain/spec/training-spec.ts'
import { tf, type Tensor } from '../../../src-core/engine/backend.ts'
import { buildModel } from '../../../src-core/engine/models/build-model.ts'
import { EarlyUpdates } from '../../../src-core/engine/training/early-updates.ts'
import { makeOptimizer } from '../../../src-core/engine/training/optimizers/make-optimizer.ts'
import type { Optimizer } from '../../../src-core/engine/training/optimizers/optimizer.ts'
import { trainingStep, type Batch } from '../../../src-core/engine/training/step.ts'

function setting() {
  const model = buildModel({ ...recipeSpec('alexnet-small').model, widthMultiplier: 0.0625 }, 1)
  const images = tf.randomUniform<Rank.R4>([4, 32, 32, 3], -1, 1, 'float32', 1)
  const labels = tf.tensor1d([0, 1, 2, 3], 'int32')
  const batch: Batch = { images, labels, indices: new Uint32Array(4), crops: 1 }
  const options = { ...plainTraining, step: 1, learningRate: 0.1 }
  const valuesOf = (name: string): number[] => [
    ...model.weights.find((weight) => weight.name === name)!.variable.dataSync(),
  ]
  return { model, batch, options, valuesOf }
}

test('a gradient that is taken updates its weight at once; one of a weight that is not trained is given back', () => {
  const trained = tf.variable(tf.zeros([2]), true, 'trained')
  const applied: string[] = []
  const early = new EarlyUpdates([trained], (gradients) => void applied.push(...Object.keys(gradients)))
  const [mine, other] = [tf.ones([2]), tf.ones([2])]
  const placeholder = early.take('trained', mine)
  expect([applied, placeholder.shape, placeholder === mine]).toEqual([['trained'], [2], false])
  expect(early.take('frozen', other)).toBe(other)
  const gradients: Record<string, Tensor> = { trained: placeholder, frozen: other }
  early.removeFrom(gradients)
  expect([Object.keys(gradients), placeholder.isDisposed, other.isDisposed]).toEqual([['frozen'], true, false])
  trained.dispose()
  tf.dispose([mine, other])
})

test('a frozen fully connected layer stays as it is, and those that are trained change', () => {
  const { model, batch, options, valuesOf } = setting()
  const optimizer = makeOptimizer(plainTraining, model.weights, model.learned)
  model.clock.frozen = new Set(['fc6'])
  const before = ['fc6/kernel', 'fc7/kernel'].map(valuesOf)
  trainingStep(model, optimizer, batch, options)
  expect(valuesOf('fc6/kernel')).toEqual(before[0])
  expect(valuesOf('fc7/kernel')).not.toEqual(before[1])
  optimizer.dispose()
})

test('with a loss that is not finite no weight changes, also not early', () => {
  const { model, batch, options, valuesOf } = setting()
  const optimizer = makeOptimizer(plainTraining, model.weights, model.learned)
  const before = valuesOf('fc7/kernel')
  const images = tf.fill<Rank.R4>([4, 32, 32, 3], NaN)
  expect(trainingStep(model, optimizer, { ...batch, images }, options).loss).toBeNaN()
  expect(valuesOf('fc7/kernel')).toEqual(before)
  optimizer.dispose()
})

// The last one here: tfjs does not tidy up its tape after an error.
test('a step that fails in the middle of its gradients leaves nobody to take gradients', () => {
  const { model, batch, options } = setting()
  const failing = {
    apply: () => {
      throw new Error('no room')
    },
  } as unknown as Optimizer
  expect(() => trainingStep(model, failing, batch, options)).toThrow('no room')
  expect(model.clock.takeGradient).toBeNull()
})
