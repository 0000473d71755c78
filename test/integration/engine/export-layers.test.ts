import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { mnistInfo } from '../../../src-core/domain/dataset.ts'
import { activations, type ModelSpec } from '../../../src-core/domain/spec/model-spec.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import { tf, type LayersModel, type Tensor, type Tensor4D } from '../../../src-core/engine/backend.ts'
import { customLayers, customLayersOf } from '../../../src-core/engine/export/custom-layers/custom-layers.ts'
import { exportContent } from '../../../src-core/engine/export/export-content.ts'
import { loadExported } from '../../../src-core/engine/export/load-exported.ts'
import { GroupedConv2D } from '../../../src-core/engine/layers/grouped-conv2d.ts'
import { GroupNormalization } from '../../../src-core/engine/layers/group-normalization.ts'
import { LocalResponseNormalization } from '../../../src-core/engine/layers/local-response-normalization.ts'
import { buildModel, type BuiltModel } from '../../../src-core/engine/models/build-model.ts'
import { fixedValues } from '../../unit/engine/gradient-check.ts'
import { testDirectory } from './small-runs.ts'

function narrow(changes: Partial<ModelSpec>): ModelSpec {
  const { model } = recipeSpec('alexnet-small')
  return { ...model, widthMultiplier: 0.0625, normalization: { ...model.normalization, kind: 'none' }, ...changes }
}

const { convolutions, normalization } = narrow({})

const grouped = convolutions.map((layer, index) => ({ ...layer, groups: [1, 2, 1, 4, 8][index]! }))
const unpadded = convolutions.map((layer, index) =>
  index === 1 ? { ...layer, groups: 2, padding: 'valid' as const, stride: 2, pool: null } : layer,
)
const averaged = convolutions.map((layer) => ({
  ...layer,
  pool: layer.pool && { ...layer.pool, kind: 'average' as const },
}))
const groups = { ...normalization, kind: 'gn' as const, gn: { groups: 2, epsilon: 1e-3 }, dense: 'same' as const }

const networks: [string, Partial<ModelSpec>, string[]][] = [
  ...activations.map((activation): [string, Partial<ModelSpec>, string[]] => [activation, { activation }, []]),
  ['average pools', { convolutions: averaged }, []],
  ['dropout in every block', { convolutions: convolutions.map((layer) => ({ ...layer, dropout: 0.3 })) }, []],
  ['a removed layer', { removed: [1] }, []],
  ['batch normalisation', { normalization: { ...groups, kind: 'bn', position: 'before-activation' } }, []],
  ['groups', { convolutions: grouped }, ['GroupedConv2D']],
  ['groups without padding, with a step', { convolutions: unpadded }, ['GroupedConv2D']],
  ['group normalisation', { normalization: groups }, ['GroupNormalization']],
  [
    'LRN before the pools',
    { normalization: { ...normalization, kind: 'lrn', position: 'after-activation' } },
    ['LocalResponseNormalization'],
  ],
  [
    'all of them',
    { convolutions: grouped, normalization: groups, activation: 'gelu', output: 'logits' },
    ['GroupedConv2D', 'GroupNormalization'],
  ],
]

/** Gammas, betas, biases and moving statistics that cannot hide a mistake by being 0 or 1. */
function disturbWeights({ weights }: BuiltModel): void {
  for (const { name, role, variable } of weights) {
    if (role === 'kernel') continue
    tf.tidy(() => {
      const values = fixedValues(variable.shape, name.length)
      variable.assign(/gamma|variance/.test(name) ? values.mul(0.5).add(1) : values.mul(0.1))
    })
  }
}

async function writeExport(model: LayersModel, changes: Partial<ModelSpec>): Promise<string> {
  const directory = testDirectory()
  const spec = { ...recipeSpec('alexnet-small'), model: narrow(changes) }
  for (const [name, bytes] of await exportContent(model, spec, mnistInfo)) {
    writeFileSync(join(directory, name), bytes)
  }
  return directory
}

describe('an exported model', () => {
  test.each(networks)('with %s gives the same through the exported layers', async (_, changes, expectedLayers) => {
    expect(customLayersOf(narrow(changes)).map(({ className }) => className)).toEqual(expectedLayers)
    const built = buildModel(narrow(changes), 5)
    disturbWeights(built)
    const exported = await loadExported(await writeExport(built.model, changes))
    try {
      const ours = [GroupedConv2D, GroupNormalization, LocalResponseNormalization]
      expect(exported.layers.some((layer) => ours.some((kind) => layer instanceof kind))).toBe(false)
      const before = tf.memory().numTensors
      tf.tidy(() => {
        const images = fixedValues([4, 32, 32, 3]) as Tensor4D
        const [trained, loaded] = [built.model, exported].map((model) => model.predict(images) as Tensor)
        const size = trained!.abs().max().dataSync()[0]!
        expect(size).toBeGreaterThan(0.05)
        expect(trained!.sub(loaded!).abs().max().dataSync()[0]! / size).toBeLessThan(1e-5)
      })
      expect(tf.memory().numTensors).toBe(before)
    } finally {
      exported.dispose()
      built.dispose()
    }
  })

  test('finds our own layers again once it is loaded', async () => {
    const changes = { convolutions: grouped, normalization: groups }
    const built = buildModel(narrow(changes), 5)
    const exported = await loadExported(await writeExport(built.model, changes))
    const reloaded = await tf.models.modelFromJSON(JSON.parse(built.model.toJSON() as unknown as string) as never)
    expect(reloaded.getLayer('conv2')).toBeInstanceOf(GroupedConv2D)
    expect(reloaded.getLayer('gn1')).toBeInstanceOf(GroupNormalization)
    const { filters, kernelSize, strides, padding, groups: count } = reloaded.getLayer('conv2').getConfig()
    expect({ filters, kernelSize, strides, padding, count }).toEqual({
      filters: 16,
      kernelSize: 5,
      strides: 1,
      padding: 'same',
      count: 2,
    })
    expect(reloaded.getLayer('gn1').getConfig()).toMatchObject({ groups: 2, epsilon: 1e-3 })
    for (const model of [exported, reloaded]) model.dispose()
    built.dispose()
  })
})

test('every custom layer says by which function of which file it is registered', () => {
  for (const { source, register, className } of customLayers) {
    expect(source).toContain(`export function ${register}(tf)`)
    expect(source).toContain(`${className}.className = '${className}'`)
  }
})
