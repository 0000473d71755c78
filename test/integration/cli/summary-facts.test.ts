import { describe, expect, it } from 'vitest'
import { presets } from '../../../src-core/domain/spec/presets.ts'
import { recipes } from '../../../src-core/domain/spec/recipes.ts'
import { ablate, ablateJson } from '../../support/cli.ts'

interface Shares {
  params: number
  macs: number
}

interface Summary {
  activationBytes: number
  shares: { conv: Shares; dense: Shares }
  layers: { name: string; receptiveField: number | null; activationBytes: number }[]
}

describe('what ablate summary adds to the layers', () => {
  it('keeps the fields that scripts depend on beside the added ones', async () => {
    const summary = await ablateJson<Summary>('summary', 'table-lrn')
    const fields = ['model', 'input', 'classes', 'params', 'trainable', 'macs', 'activationBytes', 'shares', 'layers']
    expect(Object.keys(summary)).toEqual(fields)
    const layerFields = ['name', 'type', 'output', 'params', 'macs', 'receptiveField', 'activationBytes']
    expect(summary.layers.map((layer) => Object.keys(layer))).toEqual(summary.layers.map(() => layerFields))
  })

  it('has the receptive fields and the activation memory of an AlexNet', async () => {
    const { layers, activationBytes } = await ablateJson<Summary>('summary', 'table-lrn')
    const fieldOf = (name: string): number | null => layers.find((layer) => layer.name === name)!.receptiveField
    // 11; + (3 - 1) * 4 = 19; + (5 - 1) * 8 = 51; + 2 * 8 = 67; + 2 * 16 three times = 163; + 2 * 16 = 195.
    expect(['conv1', 'pool1', 'conv2', 'pool2', 'conv5', 'pool5', 'fc6'].map(fieldOf)).toEqual([
      11,
      19,
      51,
      67,
      163,
      195,
      null,
    ])
    expect(layers[0]!.activationBytes).toBe(55 * 55 * 96 * 4)
    const outputs = layers.reduce((sum, layer) => sum + layer.activationBytes, 0)
    expect(activationBytes).toBe(outputs + 227 * 227 * 3 * 4)
  })

  it("has the shares of document 001's table: 6 and 94 % of the parameters, 95 and 5 % of the work", async () => {
    const { shares } = await ablateJson<Summary>('summary', 'table-lrn')
    const percent = ({ params, macs }: Shares): number[] => [Math.round(params * 100), Math.round(macs * 100)]
    expect([percent(shares.conv), percent(shares.dense)]).toEqual([
      [6, 95],
      [94, 5],
    ])
    const { stdout } = await ablate('summary', 'table-lrn')
    expect(stdout).toMatch(/^Convolutional +3,747,200 +6\.01 +1,077,284,224 +94\.84$/m)
    expect(stdout).toMatch(/^Activation memory +6\.6 MiB per image/m)
    expect(stdout).toMatch(/^conv1 +conv +55 x 55 x 96 +34,944 +0\.06 +105,705,600 +9\.31 +1\.1 MiB +11$/m)
  })

  it('knows every network and every recipe', async () => {
    expect(recipes.length).toBeGreaterThan(presets.length)
    for (const { id } of recipes) {
      const { status, stdout } = await ablate('summary', id)
      expect([status, stdout.split(':')[0]]).toEqual([0, id])
    }
  })
})
