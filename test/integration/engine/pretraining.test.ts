import { describe, expect, test } from 'vitest'
import { mnistInfo } from '../../../src-core/domain/dataset.ts'
import { deriveSeed } from '../../../src-core/domain/random.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { tf, type Tensor, type Tensor4D } from '../../../src-core/engine/backend.ts'
import { weightsSha256 } from '../../../src-core/engine/checkpoints/digest.ts'
import { openMnist } from '../../../src-core/engine/data/mnist.ts'
import { makePreprocess } from '../../../src-core/engine/data/preprocess.ts'
import { buildModel, type BuiltModel } from '../../../src-core/engine/models/build-model.ts'
import { LayerPretraining } from '../../../src-core/engine/pretraining/layer-pretraining.ts'

type Kind = 'autoencoder' | 'rbm'
const kinds: Kind[] = ['autoencoder', 'rbm']

function specFor(kind: Kind, change: (spec: RunSpec) => void = () => {}): RunSpec {
  const spec = recipeSpec('alexnet-small')
  spec.model.widthMultiplier = 0.06
  spec.model.normalization.kind = 'none'
  spec.training.pretraining = { ...spec.training.pretraining, kind }
  change(spec)
  return spec
}

const dataset = await openMnist()

/** Batch number `batch` of `count` images of MNIST. */
function imagesFor(spec: RunSpec, batch: number, count = 16): Tensor4D {
  const indices = Uint32Array.from({ length: count }, (_, index) => batch * count + index)
  return makePreprocess(spec, mnistInfo)(dataset.readImages('train', indices))
}

interface Setup {
  readonly spec: RunSpec
  readonly model: BuiltModel
  readonly pretraining: LayerPretraining
}

function setUp(spec: RunSpec, layer: string, model = buildModel(spec.model, spec.training.seed)): Setup {
  return { spec, model, pretraining: new LayerPretraining({ spec, model, layer }) }
}

function trainSteps({ spec, pretraining }: Setup, from: number, to: number, count = 16): number[] {
  return Array.from({ length: to - from }, (_, index) => {
    const images = imagesFor(spec, from + index, count)
    const error = pretraining.step(images, from + index + 1)
    images.dispose()
    return error
  })
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function dispose({ model, pretraining }: Setup): void {
  pretraining.dispose()
  model.dispose()
}

describe.each(kinds)('pre-training with %s', (kind) => {
  test.each(['conv1', 'conv2', 'conv5'])('%s learns to give its input back', (layer) => {
    const setup = setUp(specFor(kind), layer)
    const errors = trainSteps(setup, 0, 84, 32)
    expect(mean(errors.slice(-5))).toBeLessThan(0.6 * mean(errors.slice(0, 2)))
    dispose(setup)
  })

  test('changes the kernel of its layer and of no other', () => {
    const setup = setUp(specFor(kind), 'conv2')
    const before = new Map(setup.model.weights.map(({ name, variable }) => [name, variable.dataSync().slice()]))
    trainSteps(setup, 0, 2)
    const changed = setup.model.weights.filter(({ name, variable }) => {
      const old = before.get(name)!
      return variable.dataSync().some((value, index) => value !== old[index])
    })
    const expected = kind === 'rbm' ? ['conv2/kernel'] : ['conv2/bias', 'conv2/kernel']
    expect(changed.map(({ name }) => name)).toEqual(expected)
    dispose(setup)
  })

  test('is the same again bit by bit', () => {
    const [first, second] = [0, 1].map(() => {
      const setup = setUp(specFor(kind), 'conv1')
      const errors = trainSteps(setup, 0, 3)
      const digest = weightsSha256(setup.model.weights)
      dispose(setup)
      return { errors, digest }
    })
    expect(second).toEqual(first)
  })

  test('goes on from its slots bit by bit', () => {
    const spec = specFor(kind)
    const unbroken = setUp(spec, 'conv1')
    trainSteps(unbroken, 0, 2)
    const kept = [...unbroken.model.weights.map(({ name, variable }) => ({ name, values: variable.clone() as Tensor }))]
    const slots = new Map(
      unbroken.pretraining.slots().map(({ name, shape, read }) => [name, tf.tensor(read(), [...shape])]),
    )
    const errors = trainSteps(unbroken, 2, 4)

    const model = buildModel(spec.model, deriveSeed(spec.training.seed, 'another start'))
    for (const { name, values } of kept) model.weights.find((weight) => weight.name === name)!.variable.assign(values)
    const resumed = setUp(spec, 'conv1', model)
    resumed.pretraining.restore(slots)
    expect(trainSteps(resumed, 2, 4)).toEqual(errors)
    expect(weightsSha256(resumed.model.weights)).toBe(weightsSha256(unbroken.model.weights))
    expect(resumed.pretraining.slots().map(({ name }) => name)).toEqual([...slots.keys()])
    tf.dispose([...slots.values(), ...kept.map(({ values }) => values)])
    dispose(unbroken)
    dispose(resumed)
  })

  test('goes on from before its first step, when there are no slots yet', () => {
    const fresh = setUp(specFor(kind), 'conv1')
    expect(fresh.pretraining.slots()).toEqual([])
    fresh.pretraining.restore(new Map())
    expect(trainSteps(fresh, 0, 1)[0]).toBeGreaterThan(0)
    dispose(fresh)
  })

  test('refuses slots that lack a bias or have another shape', () => {
    const setup = setUp(specFor(kind), 'conv1')
    trainSteps(setup, 0, 1)
    const slots = new Map(
      setup.pretraining.slots().map(({ name, shape, read }) => [name, tf.tensor(read(), [...shape])]),
    )
    const without = new Map([...slots].filter(([name]) => name !== 'conv1/visible_bias'))
    expect(() => setup.pretraining.restore(without)).toThrow(/conv1\/visible_bias of shape 3/)
    const reshaped = new Map([...slots, ['conv1/kernel/m', tf.zeros([2])]])
    expect(() => setup.pretraining.restore(reshaped)).toThrow(expect.objectContaining({ code: 'checkpoint-damaged' }))
    dispose(setup)
  })

  test('leaves no tensor over, step by step and in the end', () => {
    const spec = specFor(kind)
    const model = buildModel(spec.model, 1)
    const before = tf.memory().numTensors
    const setup = setUp(spec, 'conv2', model)
    trainSteps(setup, 0, 1)
    const after = tf.memory().numTensors
    trainSteps(setup, 1, 4)
    const images = imagesFor(spec, 0)
    setup.pretraining.reconstruction(images)
    images.dispose()
    expect(tf.memory().numTensors).toBe(after)
    setup.pretraining.dispose()
    expect(tf.memory().numTensors).toBe(before)
    model.dispose()
  })

  test.each([
    ['a stride and no padding', { stride: 2, padding: 'valid', groups: 1 }],
    ['groups', { stride: 1, padding: 'same', groups: 2 }],
    ['a stride with padding and groups', { stride: 2, padding: 'same', groups: 2 }],
  ] as const)('trains a second layer with %s', (_, geometry) => {
    const spec = specFor(kind, ({ model }) => {
      model.convolutions = [model.convolutions[0]!, { ...model.convolutions[1]!, ...geometry, filters: 267 }]
    })
    const setup = setUp(spec, 'conv2')
    const errors = trainSteps(setup, 0, 12)
    expect(errors.at(-1)).toBeLessThan(errors[0]!)
    dispose(setup)
  })

  test('shows at most eight images and what the layer makes of them', () => {
    const setup = setUp(specFor(kind), 'conv1')
    trainSteps(setup, 0, 1)
    const images = imagesFor(setup.spec, 0)
    const { originals, reconstructions } = setup.pretraining.reconstruction(images)
    expect(originals).toMatchObject({ count: 8, size: 32, channels: 3 })
    expect(reconstructions).toMatchObject({ count: 8, size: 32, channels: 3 })
    expect(reconstructions.pixels).not.toBe(originals.pixels)
    images.dispose()
    dispose(setup)
  })

  test('shows deeper layers as one channel', () => {
    const setup = setUp(specFor(kind), 'conv3')
    const images = imagesFor(setup.spec, 0, 4)
    expect(setup.pretraining.reconstruction(images).originals).toMatchObject({ count: 4, size: 7, channels: 1 })
    images.dispose()
    dispose(setup)
  })

  test('leaves the weights as they are when the error is not finite', () => {
    const setup = setUp(specFor(kind), 'conv1')
    trainSteps(setup, 0, 1)
    const before = weightsSha256(setup.model.weights)
    const images = tf.fill([2, 32, 32, 3], NaN) as Tensor4D
    expect(setup.pretraining.step(images, 2)).toBeNaN()
    expect(weightsSha256(setup.model.weights)).toBe(before)
    images.dispose()
    dispose(setup)
  })
})

test.each(['tanh', 'sigmoid', 'leaky-relu', 'gelu'] as const)('the auto-encoder learns with %s', (activation) => {
  const setup = setUp(
    specFor('autoencoder', ({ model }) => (model.activation = activation)),
    'conv1',
  )
  const errors = trainSteps(setup, 0, 20)
  expect(errors.at(-1)).toBeLessThan(0.9 * errors[0]!)
  dispose(setup)
})

test('a Boltzmann machine hands over filters whose output has the mean 0 and the deviation 0.5', () => {
  const setup = setUp(specFor('rbm'), 'conv2')
  trainSteps(setup, 0, 20)
  const images = imagesFor(setup.spec, 20)
  const before = tf.memory().numTensors
  setup.pretraining.finish(images)
  expect(tf.memory().numTensors).toBeLessThanOrEqual(before)
  const [mean, deviation] = tf.tidy(() => {
    const output = setup.model.inputOf('relu2').apply(images, { training: false }) as Tensor
    const { mean: average, variance } = tf.moments(output)
    return [average.dataSync()[0]!, Math.sqrt(variance.dataSync()[0]!)]
  })
  expect(mean).toBeCloseTo(0, 3)
  expect(deviation).toBeCloseTo(0.5, 2)
  images.dispose()
  dispose(setup)
})

test('an auto-encoder hands its layer over as it is', () => {
  const setup = setUp(specFor('autoencoder'), 'conv2')
  trainSteps(setup, 0, 3)
  const images = imagesFor(setup.spec, 3)
  const before = weightsSha256(setup.model.weights)
  setup.pretraining.finish(images)
  expect(weightsSha256(setup.model.weights)).toBe(before)
  images.dispose()
  dispose(setup)
})

test('refuses a layer that is no convolution', () => {
  const spec = specFor('autoencoder')
  const model = buildModel(spec.model, 1)
  expect(() => new LayerPretraining({ spec, model, layer: 'fc6' })).toThrow(/fc6 is none/)
  model.dispose()
})
