import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ablate, ablateJson } from '../../support/cli.ts'

interface Summary {
  model: string
  input: number[]
  classes: number
  params: number
  trainable: number
  macs: unknown
  layers: { name: string; type: string; output: number[]; params: number; macs: number }[]
}

const references = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../fixtures/architectures.json'), 'utf8'),
) as Record<
  string,
  Omit<Summary, 'layers' | 'model'> & { layers: { layer: string; output: number[]; params: number; macs?: number }[] }
>

describe('ablate summary', () => {
  it.each(Object.keys(references))('%s --json equals the reference in every layer', async (name) => {
    const { layers, ...summary } = await ablateJson<Summary>('summary', name)
    const { layers: expected, ...totals } = references[name]!
    expect(summary).toMatchObject({ model: name, ...totals })
    expect(layers.map(({ type, output, params, macs }) => ({ type, output, params, macs }))).toEqual(
      expected.map(({ layer, output, params, macs }) => ({ type: layer, output, params, macs: macs ?? 0 })),
    )
  })

  it('has references of six networks, of which the one for CIFAR-10 ends with logits', () => {
    expect(Object.keys(references).sort()).toEqual([
      'cifar-10',
      'flowers-17',
      'functional-224',
      'keras-bn',
      'lenet-5',
      'table-lrn',
    ])
    expect(references['cifar-10']!.layers.at(-1)!.layer).toBe('dense')
  })

  it('counts the 60,965,224 parameters of the original network of two towers', async () => {
    const { params, layers } = await ablateJson<Summary>('summary', 'paper-two-tower')
    expect(params).toBe(60_965_224)
    // 5 * 5 * 48 * 256 + 256: each filter sees the 48 channels of its own tower.
    expect(layers.find(({ name }) => name === 'conv2')!.params).toBe(307_456)
    const { stdout } = await ablate('summary', 'paper-two-tower')
    expect(stdout).toContain('60,965,224')
  })

  it('lists the paths that --set takes', async () => {
    const { stdout, status } = await ablate('summary', '--help')
    expect(status).toBe(0)
    expect(stdout).toContain('model.normalization.lrn.alpha')
    expect(stdout).toContain('training.learningRate')
  })

  it.each([
    [['summary', 'vgg'], 2, 'Known recipes'],
    [['summary', 'keras-bn', '--set', 'model.dropot.rate=1'], 2, 'unknown-field'],
    [['summary', 'keras-bn', '--set', 'model.dropout.rate=1.5'], 2, 'must be at most 0.95, but got 1.5'],
    [['summary', 'keras-bn', '--set', 'model.input.size=32'], 1, 'pool2 needs at least 3x3'],
    [
      ['summary', 'lenet-5', '--set', 'model.convolutions.1.groups=4'],
      2,
      'conv2: 4 groups do not divide the 6 channels',
    ],
    [['summary', 'lenet-5', '--set', 'model.normalization.kind=gn'], 2, 'gn1: 8 groups do not divide the 6 channels'],
    [['summary', 'lenet-5', '--set', 'model.convolutions.2.kernel=7'], 1, 'conv3 needs at least 7x7 pixels'],
    [['summary'], 2, 'missing required argument'],
    [['frobnicate'], 2, 'unknown command'],
  ])('%j ends with status %i and says why', async (args, status, message) => {
    const result = await ablate(...args)
    expect(result).toMatchObject({ status, stdout: '' })
    expect(result.stderr).toContain(message)
  })
})
