import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { planArchitecture } from '../../../src-core/domain/network/architecture.ts'
import type { Convolution, ModelSpec } from '../../../src-core/domain/spec/model-spec.ts'
import { presets } from '../../../src-core/domain/spec/presets.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import { tf, type Scalar, type Tensor } from '../../../src-core/engine/backend.ts'
import { buildModel, type BuiltModel } from '../../../src-core/engine/models/build-model.ts'
import { images, narrow, withModel } from './narrow-models.ts'

interface ReferenceArchitecture {
  params: number
  layers: { layer: string; output: number[]; params: number }[]
}

const file = new URL('../../fixtures/architectures.json', import.meta.url)
const reference = JSON.parse(readFileSync(file, 'utf8')) as Record<string, ReferenceArchitecture>

function builtLayers({ model }: BuiltModel): { name: string; output: number[]; params: number }[] {
  return model.layers.slice(1).map((layer) => ({
    name: layer.name,
    output: (layer.outputShape as number[]).slice(1),
    params: layer.countParams(),
  }))
}

function trainableValues({ weights }: BuiltModel): number {
  return weights.filter(({ trainable }) => trainable).reduce((sum, { variable }) => sum + variable.size, 0)
}

describe.each(presets.map(({ id }) => id))('the built %s', (name) => {
  const spec = recipeSpec(name).model
  const plan = planArchitecture(spec)

  test('has the layers of the plan, under the same names, and gives all its memory back', () => {
    const before = tf.memory().numTensors
    const model = buildModel(spec, 1)
    expect(builtLayers(model)).toEqual(plan.layers.map(({ name, output, params }) => ({ name, output, params })))
    expect(model.model.countParams()).toBe(plan.params)
    expect(trainableValues(model)).toBe(plan.trainable)
    if (reference[name]) expect(model.model.countParams()).toBe(reference[name].params)
    model.dispose()
    expect(model.weights.every(({ variable }) => variable.isDisposed)).toBe(true)
    expect(tf.memory().numTensors).toBe(before)
  })
})

test('the reference has the parameters of six networks, as Keras counted them', () => {
  expect(presets.filter(({ id }) => reference[id]).length).toBe(6)
})

describe('all options together', () => {
  const { convolutions, dense, normalization } = narrow()
  const mixed = narrow({
    convolutions: convolutions.map((layer, index) => ({
      ...layer,
      groups: index === 0 ? 1 : 2,
      pool: layer.pool && { ...layer.pool, kind: index === 0 ? 'average' : 'max' },
      dropout: 0.1 * index,
    })),
    dense: dense.map((layer, index) => ({ ...layer, dropout: { rate: 0.2 * index, position: 'after-activation' } })),
    widthMultiplier: 0.125,
    removed: [3],
    output: 'logits',
  })
  const variants = (['relu', 'tanh', 'sigmoid', 'leaky-relu', 'gelu'] as const).map((activation, index) => ({
    ...mixed,
    activation,
    normalization: {
      ...normalization,
      kind: (['gn', 'lrn', 'bn', 'none', 'gn'] as const)[index]!,
      position: (['before-activation', 'after-activation', 'after-pool'] as const)[index % 3]!,
      dense: (['same', 'bn', 'gn', 'gn', 'none'] as const)[index]!,
      densePosition: (['before-activation', 'after-activation'] as const)[index % 2]!,
      gn: { groups: 4, epsilon: 1e-5 },
    },
  }))

  test.each(variants)('builds what is planned and trains it: $activation, $normalization.kind', (spec) => {
    const plan = planArchitecture(spec)
    withModel(spec, (model) => {
      expect(builtLayers(model)).toEqual(plan.layers.map(({ name, output, params }) => ({ name, output, params })))
      const variables = model.weights.filter(({ trainable }) => trainable).map(({ variable }) => variable)
      const before = tf.memory().numTensors
      tf.tidy(() => {
        const loss = (): Scalar => (model.logits.apply(images, { training: true }) as Tensor).square().mean()
        const { grads } = tf.variableGrads(loss, variables)
        for (const variable of variables) {
          expect(grads[variable.name]!.shape, variable.name).toEqual(variable.shape)
          expect(Number.isFinite(grads[variable.name]!.abs().sum().dataSync()[0]), variable.name).toBe(true)
        }
      })
      expect(tf.memory().numTensors).toBe(before)
    })
  })
})

describe('impossible networks', () => {
  const { convolutions, normalization } = narrow()
  const changed = (number: number, change: Partial<Convolution>): Partial<ModelSpec> => ({
    convolutions: convolutions.map((layer, index) => (index === number - 1 ? { ...layer, ...change } : layer)),
  })

  test.each([
    [
      changed(2, { groups: 4 }),
      'conv2: 4 groups do not divide the 6 channels of its input (input 15x15x6, 16 filters).',
    ],
    [changed(2, { groups: 3 }), 'conv2: 3 groups do not divide its 16 filters (input 15x15x6, 16 filters).'],
    [{ normalization: { ...normalization, kind: 'gn' as const } }, 'gn1: 8 groups do not divide the 6 channels'],
    [changed(3, { kernel: 9, padding: 'valid' }), 'conv3 needs at least 9x9 pixels but receives 7x7'],
    [changed(2, { pool: { kind: 'average', size: 8, stride: 8 } }), 'pool5 needs at least 3x3 pixels but receives 1x1'],
  ])('are refused with the layer and the shapes: %#', (change, message) => {
    const before = tf.memory().numTensors
    expect(() => buildModel(narrow(change), 1)).toThrow(message)
    expect(tf.memory().numTensors).toBe(before)
  })
})
