import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { planArchitecture } from '../../../src-core/domain/network/architecture.ts'
import { convolutionAgainstDense, layerFacts } from '../../../src-core/domain/network/layer-facts.ts'
import type { ModelSpec } from '../../../src-core/domain/spec/model-spec.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'

interface ReferenceLayer {
  layer: string
  output: number[]
  params: number
  macs?: number
}

/** Counted layer by layer in Keras 3 from the networks of the source documents. */
const reference = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../fixtures/architectures.json'), 'utf8'),
) as Record<string, { params: number; trainable: number; macs: unknown; layers: ReferenceLayer[] }>

describe.each(['keras-bn', 'flowers-17', 'table-lrn', 'functional-224', 'cifar-10', 'lenet-5'])('%s', (name) => {
  const expected = reference[name]!
  const plan = planArchitecture(recipeSpec(name).model)

  it('has the reference layers in order, with their output shapes, parameters and multiply-accumulates', () => {
    const planned = plan.layers.map(({ type, output, params, macs }) => ({ layer: type, output, params, macs }))
    expect(planned).toEqual(expected.layers.map((layer) => ({ ...layer, macs: layer.macs ?? 0 })))
  })

  it('has the reference totals', () => {
    expect({ params: plan.params, trainable: plan.trainable, macs: plan.macs }).toEqual({
      params: expected.params,
      trainable: expected.trainable,
      macs: expected.macs,
    })
  })
})

it('counts the original network of two towers', () => {
  expect(planArchitecture(recipeSpec('paper-two-tower').model).params).toBe(60_965_224)
})

describe('small AlexNet', () => {
  const { model } = recipeSpec('alexnet-small')

  it.each([32, 33, 48, 64, 96, 128, 227])('fits an input of %i pixels', (size) => {
    const plan = planArchitecture({ ...model, input: { size, channels: 3 } })
    expect(plan.layers.every(({ output }) => output.every((side) => side >= 1))).toBe(true)
  })

  it('scales filters and units by the width multiplier, but never the classes', () => {
    const narrow = planArchitecture({ ...model, widthMultiplier: 0.125 })
    expect(narrow.layers.filter(({ type }) => type === 'conv').map(({ output }) => output[2])).toEqual([
      12, 32, 48, 48, 32,
    ])
    expect(narrow.layers.at(-1)!.output).toEqual([10])
  })

  it('leaves out dropout at rate 0 and normalisation of kind none', () => {
    const bare = {
      ...model,
      dropout: { ...model.dropout, rate: 0 },
      normalization: { ...model.normalization, kind: 'none' as const },
    }
    expect(planArchitecture(bare).layers.some(({ type }) => ['drop', 'bn', 'lrn'].includes(type))).toBe(false)
  })
})

describe('impossible networks', () => {
  it('names the layer and the sizes when the input is too small', () => {
    const { model } = recipeSpec('keras-bn')
    expect(() => planArchitecture({ ...model, input: { size: 32, channels: 3 } })).toThrow(
      'pool2 needs at least 3x3 pixels but receives 2x2: an input of 32 pixels is too small for these layers.',
    )
  })

  it('refuses a normalised block that is not there', () => {
    const { model } = recipeSpec('keras-bn')
    const normalization = { ...model.normalization, blocks: [1, 7] }
    expect(() => planArchitecture({ ...model, normalization })).toThrow('must name blocks from 1 to 5, but got 7')
  })

  it('refuses groups that do not divide the channels of the input, or the filters, with the shapes', () => {
    const { model } = recipeSpec('table-lrn')
    const grouped = (groups: number, filters: number): ModelSpec => ({
      ...model,
      convolutions: model.convolutions.map((layer, index) => (index === 1 ? { ...layer, groups, filters } : layer)),
    })
    expect(() => planArchitecture(grouped(5, 255))).toThrow(
      'conv2: 5 groups do not divide the 96 channels of its input (input 27x27x96, 255 filters).',
    )
    expect(() => planArchitecture(grouped(2, 255))).toThrow('conv2: 2 groups do not divide its 255 filters')
  })

  it('refuses a group normalisation whose groups do not divide the channels', () => {
    const { model } = recipeSpec('lenet-5')
    const normalization = { ...model.normalization, kind: 'gn' as const, blocks: [1] }
    expect(() => planArchitecture({ ...model, normalization })).toThrow(
      'gn1: 8 groups do not divide the 6 channels of its input 14x14x6.',
    )
  })

  it('refuses to remove all convolutional layers', () => {
    const { model } = recipeSpec('lenet-5')
    expect(() => planArchitecture({ ...model, removed: [1, 2, 3] })).toThrow('model.removed: must leave at least one')
  })
})

describe('options over a network', () => {
  const { model } = recipeSpec('table-lrn')
  const names = (changed: Partial<ModelSpec>): string[] =>
    planArchitecture({ ...model, ...changed }).layers.map(({ name }) => name)

  it.each([
    ['before-activation', ['conv1', 'lrn1', 'relu1', 'pool1']],
    ['after-activation', ['conv1', 'relu1', 'lrn1', 'pool1']],
    ['after-pool', ['conv1', 'relu1', 'pool1', 'lrn1']],
  ] as const)('puts the normalisation %s', (position, block) => {
    expect(names({ normalization: { ...model.normalization, position } }).slice(0, 4)).toEqual(block)
  })

  it('normalises hidden fully connected layers with another kind than the convolutions', () => {
    const normalization = { ...model.normalization, dense: 'bn' as const, densePosition: 'before-activation' as const }
    expect(names({ normalization }).slice(-7)).toEqual(['relu6', 'drop7', 'fc7', 'bn7', 'relu7', 'fc8', 'softmax'])
  })

  it('leaves LRN out of the fully connected layers where they follow the convolutions', () => {
    const layers = names({ normalization: { ...model.normalization, dense: 'same' } })
    expect(layers.filter((name) => name.startsWith('lrn'))).toEqual(['lrn1', 'lrn2'])
  })

  it('removes a convolution with its activation and normalisation, keeps its pool and all numbers', () => {
    expect(names({ removed: [2] }).slice(0, 7)).toEqual(['conv1', 'relu1', 'pool1', 'lrn1', 'pool2', 'conv3', 'relu3'])
  })

  it('gives every hidden layer its own dropout, and convolutional blocks theirs', () => {
    const dense = [
      { units: 4096, dropout: { rate: 0.2, position: 'after-activation' as const } },
      { units: 4096, dropout: null },
    ]
    const convolutions = model.convolutions.map((layer, index) => ({ ...layer, dropout: index === 0 ? 0.1 : 0 }))
    const rates = planArchitecture({ ...model, dense, convolutions })
      .layers.filter(({ type }) => type === 'drop')
      .map(({ name, rate }) => [name, rate])
    expect(rates).toEqual([
      ['drop1', 0.1],
      ['drop6', 0.2],
      ['drop7', 0.5],
    ])
  })
})

describe('facts of the layers', () => {
  const plan = planArchitecture(recipeSpec('table-lrn').model)

  it('has the shares of the table in document 001: 95 % of the multiply-accumulates are convolutional, 94 % of the weights not', () => {
    const { conv, dense } = convolutionAgainstDense(plan)
    expect(Math.round((100 * conv.macs) / (conv.macs + dense.macs))).toBe(95)
    expect(Math.round((100 * dense.params) / (conv.params + dense.params))).toBe(94)
    expect(layerFacts(plan).reduce((sum, { paramsShare }) => sum + paramsShare, 0)).toBeCloseTo(1, 12)
  })

  it('computes receptive fields (11, 19, 51, 67, 99, 131, 163, 195 pixels by hand) up to the flattening', () => {
    const fields = layerFacts(plan)
      .filter(({ layer }) => layer.type === 'conv' || layer.type === 'pool')
      .map(({ receptiveField }) => receptiveField)
    expect(fields).toEqual([11, 19, 51, 67, 99, 131, 163, 195])
    expect(layerFacts(plan).at(-1)!.receptiveField).toBeNull()
  })

  it('counts the activations of one image in bytes', () => {
    expect(layerFacts(plan)[0]!.activationBytes).toBe(55 * 55 * 96 * 4)
  })
})
