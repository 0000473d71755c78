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
  it.each(['keras-bn', 'table-lrn'])('%s --json equals the reference in every layer', async (name) => {
    const { layers, ...summary } = await ablateJson<Summary>('summary', name)
    const { layers: expected, ...totals } = references[name]!
    expect(summary).toEqual({ model: name, ...totals })
    expect(layers.map(({ type, output, params, macs }) => ({ type, output, params, macs }))).toEqual(
      expected.map(({ layer, output, params, macs }) => ({ type: layer, output, params, macs: macs ?? 0 })),
    )
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
    [['summary'], 2, 'missing required argument'],
    [['frobnicate'], 2, 'unknown command'],
  ])('%j ends with status %i and says why', async (args, status, message) => {
    const result = await ablate(...args)
    expect(result).toMatchObject({ status, stdout: '' })
    expect(result.stderr).toContain(message)
  })
})
