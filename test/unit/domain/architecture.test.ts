import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { planArchitecture } from '../../../src-core/domain/architecture.ts'
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

describe.each(['keras-bn', 'table-lrn'])('%s', (name) => {
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
})
