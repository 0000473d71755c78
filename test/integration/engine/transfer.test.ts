import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { mnistInfo } from '../../../src-core/domain/dataset.ts'
import { presets } from '../../../src-core/domain/spec/presets.ts'
import type { ModelSpec } from '../../../src-core/domain/spec/model-spec.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import { tf, type LayersModel, type Tensor } from '../../../src-core/engine/backend.ts'
import { writeCheckpoint } from '../../../src-core/engine/checkpoints/checkpoint.ts'
import { weightsSha256, weightTensors } from '../../../src-core/engine/checkpoints/digest.ts'
import { exportContent } from '../../../src-core/engine/export/export-content.ts'
import { buildModel, type BuiltModel } from '../../../src-core/engine/models/build-model.ts'
import { loadStartWeights, type StartSource } from '../../../src-core/engine/transfer/load-start-weights.ts'
import { fixedValues } from '../../unit/engine/gradient-check.ts'
import { testDirectory } from './small-runs.ts'

interface Reference {
  files: Record<string, string>
  logits: Record<string, number[]>
}

const fixture = new URL('../../fixtures/transfer.json', import.meta.url)
const reference = JSON.parse(readFileSync(fixture, 'utf8')) as Reference

/** The network of the fixture: two convolutions, one of them in groups, a hidden layer, batch normalisation. */
function smallModel(change: (model: ModelSpec) => void = () => {}): ModelSpec {
  const model = structuredClone(presets.find(({ id }) => id === 'cifar-10')!.model)
  const pool = { kind: 'max', size: 2, stride: 2 } as const
  model.input = { size: 32, channels: 3 }
  model.classes = 5
  model.convolutions = [
    { filters: 4, kernel: 5, stride: 2, padding: 'valid', groups: 1, pool, dropout: 0 },
    { filters: 6, kernel: 3, stride: 1, padding: 'same', groups: 2, pool, dropout: 0 },
  ]
  model.dense = [{ units: 7, dropout: null }]
  model.normalization = { ...model.normalization, blocks: [1, 2], dense: 'bn', densePosition: 'before-activation' }
  change(model)
  return model
}

function largestDifference(values: Tensor, expected: ArrayLike<number>): number {
  return Math.max(...Array.from(values.dataSync(), (value, index) => Math.abs(value - expected[index]!)))
}

function torchFile(format = 'F32'): StartSource {
  const path = join(testDirectory(), 'model.safetensors')
  writeFileSync(path, Buffer.from(reference.files[format]!, 'base64'))
  return { kind: 'file', path }
}

const keepHead = { replaceHead: false }

async function checkpointOf(model: BuiltModel): Promise<StartSource> {
  const parent = testDirectory()
  const progress = { step: 3, epoch: 1, activeTime: 1, best: null, pendingRecord: null, history: [] }
  const content = { spec: recipeSpec('alexnet-small'), progress, weights: weightTensors(model.weights), slots: [] }
  const { directory } = await writeCheckpoint(parent, content, 'pause')
  return { kind: 'checkpoint', directory: join(parent, directory) }
}

async function exportOf({ model }: BuiltModel): Promise<StartSource> {
  const directory = testDirectory()
  for (const [name, bytes] of await exportContent(model, recipeSpec('alexnet-small'), mnistInfo)) {
    writeFileSync(join(directory, name), bytes)
  }
  return { kind: 'file', path: join(directory, 'model.json') }
}

function valuesOf({ weights }: BuiltModel, layer: string): number[] {
  return weights.filter((weight) => weight.layer === layer).flatMap(({ variable }) => [...variable.dataSync()])
}

describe.each([
  ['a checkpoint', checkpointOf],
  ['an export', exportOf],
] as const)('%s as the start', (_, write) => {
  test('gives all weights to the same network', async () => {
    const first = buildModel(smallModel(), 1)
    const second = buildModel(smallModel(), 2)
    expect(weightsSha256(second.weights)).not.toBe(weightsSha256(first.weights))
    const outcome = await loadStartWeights(second, await write(first), keepHead)
    expect(outcome).toEqual({ loaded: ['conv1', 'conv2', 'fc3', 'fc4'], drawn: [] })
    expect(weightsSha256(second.weights)).toBe(weightsSha256(first.weights))
    for (const model of [first, second]) model.dispose()
  })

  test('leaves a head of another number of classes as it was drawn', async () => {
    const first = buildModel(smallModel(), 1)
    const second = buildModel(
      smallModel((model) => (model.classes = 9)),
      2,
    )
    const head = valuesOf(second, 'fc4')
    const outcome = await loadStartWeights(second, await write(first), keepHead)
    expect(outcome).toEqual({ loaded: ['conv1', 'conv2', 'fc3'], drawn: ['fc4'] })
    expect(valuesOf(second, 'fc4')).toEqual(head)
    expect(valuesOf(second, 'fc3')).toEqual(valuesOf(first, 'fc3'))
    for (const model of [first, second]) model.dispose()
  })

  test('leaves a head that fits as it was drawn when asked to', async () => {
    const first = buildModel(smallModel(), 1)
    const second = buildModel(smallModel(), 2)
    const head = valuesOf(second, 'fc4')
    const outcome = await loadStartWeights(second, await write(first), { replaceHead: true })
    expect(outcome.drawn).toEqual(['fc4'])
    expect(valuesOf(second, 'fc4')).toEqual(head)
    for (const model of [first, second]) model.dispose()
  })

  test.each<[string, (model: ModelSpec) => void, RegExp]>([
    [
      'another kernel',
      (model) => (model.convolutions[1]!.kernel = 5),
      /conv2 does not fit.*expected kernel 5x5x2x6, found conv2\/kernel 3x3x2x6/,
    ],
    [
      'another number of units',
      (model) => (model.dense[0]!.units = 8),
      /fc3 does not fit.*expected kernel 54x8, found fc3\/kernel 54x7/,
    ],
    [
      'a layer more',
      (model) => model.dense.push({ units: 7, dropout: null }),
      /fc4 does not fit.*expected kernel 7x7, found fc4\/kernel 7x5|bn4 does not fit.*found none/,
    ],
    ['a layer less', (model) => (model.dense = []), /does not fit.*expected no further/],
    [
      'other normalisation',
      (model) => (model.normalization.dense = 'none'),
      /bn3 does not fit.*expected no further normalisation, found one with/,
    ],
  ])('is refused for a network with %s, which stays as it was', async (_, change, message) => {
    const first = buildModel(smallModel(), 1)
    const second = buildModel(smallModel(change), 2)
    const before = weightsSha256(second.weights)
    const loading = loadStartWeights(second, await write(first), keepHead)
    await expect(loading).rejects.toMatchObject({ code: 'transfer-mismatch', message: expect.stringMatching(message) })
    expect(weightsSha256(second.weights)).toBe(before)
    for (const model of [first, second]) model.dispose()
  })
})

describe('a PyTorch file as the start', () => {
  test.each(['F32', 'F16', 'BF16'])('gives the logits that PyTorch computes, from %s', async (format) => {
    const model = buildModel(smallModel(), 1)
    const tensors = tf.memory().numTensors
    const outcome = await loadStartWeights(model, torchFile(format), keepHead)
    expect(outcome).toEqual({ loaded: ['conv1', 'conv2', 'fc3', 'fc4'], drawn: [] })
    expect(tf.memory().numTensors).toBe(tensors)
    tf.tidy(() => {
      const logits = model.logits.apply(fixedValues([2, 32, 32, 3]), { training: false }) as Tensor
      expect(largestDifference(logits, reference.logits[format]!)).toBeLessThan(1e-5)
    })
    model.dispose()
  })

  test('leaves another head as it was drawn', async () => {
    const model = buildModel(
      smallModel((spec) => (spec.classes = 10)),
      1,
    )
    const head = valuesOf(model, 'fc4')
    expect((await loadStartWeights(model, torchFile(), keepHead)).drawn).toEqual(['fc4'])
    expect(valuesOf(model, 'fc4')).toEqual(head)
    model.dispose()
  })

  test.each<[string, (model: ModelSpec) => void, object]>([
    [
      'other filters',
      (model) => (model.convolutions[0]!.filters = 8),
      { layer: 'conv1', expected: 'kernel 5x5x3x8', found: 'layer1.0.weight 5x5x3x4' },
    ],
    [
      'another input',
      (model) => (model.input.size = 48),
      { layer: 'fc3', expected: 'kernel 150x7', found: 'fc.0.weight 54x7' },
    ],
    [
      'group normalisation',
      (model) =>
        (model.normalization = { ...model.normalization, kind: 'gn', dense: 'gn', gn: { groups: 1, epsilon: 1 } }),
      { layer: 'gn1', expected: 'no moving_mean', found: 'layer1.1.running_mean 4' },
    ],
    [
      'a convolution more',
      (model) => model.convolutions.push({ ...model.convolutions[1]!, pool: null }),
      { layer: 'conv3', expected: 'a convolution with kernel 3x3x3x6', found: 'none' },
    ],
    [
      'a hidden layer less',
      (model) => (model.dense = []),
      { layer: 'fc1.0', expected: 'no further fully connected layer', found: 'one with kernel 7x5' },
    ],
  ])('is refused for a network with %s, which stays as it was', async (_, change, details) => {
    const model = buildModel(smallModel(change), 1)
    const before = weightsSha256(model.weights)
    const loading = loadStartWeights(model, torchFile(), keepHead)
    await expect(loading).rejects.toMatchObject({ code: 'transfer-mismatch', details })
    expect(weightsSha256(model.weights)).toBe(before)
    model.dispose()
  })
})

/** A network as people write it in TensorFlow.js: its own names, no biases where a normalisation follows. */
function foreignModel(): LayersModel {
  const { layers } = tf
  const setValues = (layer: LayersModel['layers'][number]): void =>
    layer.setWeights(
      layer.getWeights().map(({ shape }, phase) =>
        fixedValues([...shape], phase)
          .mul(0.3)
          .abs(),
      ),
    )
  const model = tf.sequential({
    layers: [
      layers.conv2d({ inputShape: [32, 32, 3], filters: 4, kernelSize: 5, strides: 2, useBias: false }),
      layers.batchNormalization({ epsilon: 1e-5 }),
      layers.reLU(),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 6, kernelSize: 3, padding: 'same' }),
      layers.batchNormalization({ epsilon: 1e-5, scale: false }),
      layers.reLU(),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 7 }),
      layers.reLU(),
      layers.dense({ units: 5 }),
    ],
  })
  for (const layer of model.layers) setValues(layer)
  return model
}

test('another TensorFlow.js model as the start gives the logits that it computes itself', async () => {
  const directory = testDirectory()
  const foreign = foreignModel()
  await foreign.save(`file://${directory}`)
  const spec = smallModel((model) => {
    model.convolutions[1]!.groups = 1
    model.normalization.dense = 'none'
  })
  const model = buildModel(spec, 1)
  await loadStartWeights(model, { kind: 'file', path: join(directory, 'model.json') }, keepHead)
  tf.tidy(() => {
    const images = fixedValues([2, 32, 32, 3])
    const logits = model.logits.apply(images, { training: false }) as Tensor
    expect(largestDifference(logits, (foreign.predict(images) as Tensor).dataSync())).toBeLessThan(1e-5)
  })
  for (const each of [foreign, model]) each.dispose()
})

test.each([NaN, -Infinity])('weights with %d are refused, and the model stays as it was', async (value) => {
  const [first, second] = [buildModel(smallModel(), 1), buildModel(smallModel(), 2)]
  const { variable } = first.weights.find(({ name }) => name === 'bn2/moving_variance')!
  variable.assign(tf.tidy(() => tf.tensor1d([...variable.dataSync().slice(1), value])))
  const before = weightsSha256(second.weights)
  await expect(loadStartWeights(second, await checkpointOf(first), keepHead)).rejects.toMatchObject({
    code: 'transfer-mismatch',
    message: expect.stringMatching(/bn2 does not fit.*found NaN or infinity in bn2\/moving_variance/),
  })
  expect(weightsSha256(second.weights)).toBe(before)
  for (const model of [first, second]) model.dispose()
})

describe('a file that is no model', () => {
  const model = buildModel(smallModel(), 1)
  const load = (path: string) => loadStartWeights(model, { kind: 'file', path }, keepHead)

  test.each<[string, (directory: string) => string, RegExp]>([
    ['is missing', (directory) => join(directory, 'gone.safetensors'), /there is no such file/],
    ['is a folder', (directory) => directory, /it is no file/],
    [
      'has another ending',
      (directory) => {
        writeFileSync(join(directory, 'model.h5'), 'x')
        return join(directory, 'model.h5')
      },
      /must end with \.safetensors/,
    ],
  ])('is refused when it %s', async (_, write, message) => {
    const reason = { code: 'model-file-unreadable', message: expect.stringMatching(message) }
    await expect(load(write(testDirectory()))).rejects.toMatchObject(reason)
  })

  test('is refused as a checkpoint when the folder is missing', async () => {
    const source: StartSource = { kind: 'checkpoint', directory: join(testDirectory(), 'gone') }
    await expect(loadStartWeights(model, source, keepHead)).rejects.toMatchObject({ code: 'checkpoint-missing' })
  })

  test('changes nothing when its data end early', async () => {
    const path = join(testDirectory(), 'cut.safetensors')
    writeFileSync(path, Buffer.from(reference.files['F32']!, 'base64').subarray(0, -4))
    const before = weightsSha256(model.weights)
    await expect(load(path)).rejects.toMatchObject({ code: 'model-file-unreadable' })
    expect(weightsSha256(model.weights)).toBe(before)
  })
})
