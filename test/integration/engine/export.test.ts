import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { exportResultSchema } from '../../../src-core/domain/model-export.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { tf, type LayersModel } from '../../../src-core/engine/backend.ts'
import { openDataset } from '../../../src-core/engine/data/open-dataset.ts'
import { exportTfjs } from '../../../src-core/engine/export/export-tfjs.ts'
import { loadExported } from '../../../src-core/engine/export/load-exported.ts'
import { predict } from '../../../src-core/engine/export/predict.ts'
import { FusedConv2D } from '../../../src-core/engine/layers/fused-layers.ts'
import { LocalResponseNormalization } from '../../../src-core/engine/layers/local-response-normalization.ts'
import { testDirectory, tinySpec, trainRecorded } from './small-runs.ts'

async function trainedRun(spec: RunSpec) {
  const parent = testDirectory()
  const { checkpoints } = await trainRecorded(spec, { directory: join(parent, 'checkpoints') })
  const checkpointDirectory = join(parent, 'checkpoints', checkpoints.at(-1)!.directory)
  const folders = { outDirectory: join(parent, 'exported'), temporaryDirectory: join(parent, 'unfinished') }
  return { spec, checkpointDirectory, parent, ...folders, checkImages: 200 }
}

/** What TensorFlow.js has not, or not by default: groups, group normalisation, GELU, logits, a crop, custom pixels. */
function unusualSpec(): RunSpec {
  const spec = tinySpec('none')
  const { convolutions, normalization } = spec.model
  Object.assign(convolutions[1]!, { groups: 2, dropout: 0.2 })
  Object.assign(convolutions[0]!.pool!, { kind: 'average' })
  Object.assign(normalization, { kind: 'gn', position: 'before-activation', dense: 'same' })
  Object.assign(normalization, { densePosition: 'before-activation', gn: { groups: 2, epsilon: 1e-5 } })
  Object.assign(spec.model, { activation: 'gelu', output: 'logits', widthMultiplier: 0.0625 })
  Object.assign(spec.data, { resize: 36, pixels: 'custom', mean: [0.4, 0.5, 0.6], deviation: [0.2, 0.25, 0.3] })
  return spec
}

const specs = { bn: tinySpec('bn'), lrn: tinySpec('lrn'), none: tinySpec('none'), unusual: unusualSpec() }

const exportedLayers: Record<keyof typeof specs, string[]> = {
  bn: [],
  lrn: ['local-response-normalization.mjs'],
  none: [],
  unusual: ['group-normalization.mjs', 'grouped-conv2d.mjs'],
}

describe('exportTfjs', () => {
  test.each(['bn', 'lrn', 'none', 'unusual'] as const)('writes a model that others compute alike: %s', async (kind) => {
    const run = await trainedRun(specs[kind])
    const before = tf.memory().numTensors
    const result = exportResultSchema.parse(await exportTfjs(run))
    expect(tf.memory().numTensors).toBe(before)
    expect(result.check.images).toBe(200)
    expect(result.check.maxAbsDiff).toBeLessThan(1e-5)
    expect(result.check.top1Agreement).toBe(1)
    expect(readdirSync(run.outDirectory).sort()).toEqual(result.files.map(({ path }) => path).sort())
    const layerFiles = readdirSync(run.outDirectory).filter((name) => name.endsWith('.mjs'))
    expect(layerFiles.sort()).toEqual(exportedLayers[kind])
    const manifest = JSON.parse(readFileSync(join(run.outDirectory, 'manifest.json'), 'utf8'))
    expect(manifest.customLayers.map((layer: { file: string }) => layer.file).sort()).toEqual(exportedLayers[kind])
    for (const { path, bytes, sha256 } of result.files) {
      const content = readFileSync(join(run.outDirectory, path))
      expect([content.length, createHash('sha256').update(content).digest('hex')]).toEqual([bytes, sha256])
    }
    expect(readdirSync(run.parent).sort()).toEqual(['checkpoints', 'exported'])
  })

  test('names weights as the checkpoint does and loads without the layers of this engine', async () => {
    const run = await trainedRun(tinySpec('lrn'))
    await exportTfjs(run)
    const { weightsManifest } = JSON.parse(readFileSync(join(run.outDirectory, 'model.json'), 'utf8'))
    expect(weightsManifest[0].weights.map(({ name }: { name: string }) => name)).toContain('conv1/kernel')
    const model = await loadExported(run.outDirectory)
    expect(model.getLayer('conv1')).not.toBeInstanceOf(FusedConv2D)
    expect(model.getLayer('lrn1')).not.toBeInstanceOf(LocalResponseNormalization)
    model.dispose()
  })

  test.each(['bn', 'lrn', 'unusual'] as const)('explains itself: the code of README.txt runs (%s)', async (kind) => {
    const run = await trainedRun(specs[kind])
    await exportTfjs(run)
    const code = readFileSync(join(run.outDirectory, 'README.txt'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('  ') && !line.includes(`loadLayersModel('model.json')`))
    const picture = `const bytes = readFileSync('seven.raw')`
    writeFileSync(
      join(run.outDirectory, 'try.mjs'),
      [...code, `console.log(JSON.stringify([...probabilities]))`]
        .join('\n')
        .replace('  const picture', `  ${picture}\n  const picture`),
    )
    symlinkSync(join(import.meta.dirname, '../../../node_modules'), join(run.outDirectory, 'node_modules'))
    const dataset = await openDataset('mnist')
    const bytes = dataset.readImages('test', Uint32Array.of(0))
    writeFileSync(join(run.outDirectory, 'seven.raw'), bytes)
    const png = join(run.parent, 'seven.png')
    await sharp(bytes, { raw: { width: 28, height: 28, channels: 1 } })
      .png()
      .toFile(png)
    const printed = execFileSync(process.execPath, ['try.mjs'], {
      cwd: run.outDirectory,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const probabilities = JSON.parse(printed.trim().split('\n').at(-1)!) as number[]
    const [prediction] = await predict({ ...run, images: [png] })
    for (const { label, probability } of prediction!.top)
      expect(probabilities[Number(label)]).toBeCloseTo(probability, 4)
  })

  test('refuses a model that does not agree, and leaves nothing behind', async () => {
    const run = await trainedRun(tinySpec())
    const load = async (directory: string): Promise<LayersModel> => {
      const model = await loadExported(directory)
      const layer = model.getLayer('fc8')
      const [kernel, bias] = layer.getWeights() as [
        import('@tensorflow/tfjs').Tensor,
        import('@tensorflow/tfjs').Tensor,
      ]
      layer.setWeights([kernel.mul(1.5), bias.add(0.1)])
      return model
    }
    await expect(exportTfjs({ ...run, load })).rejects.toMatchObject({ code: 'export-mismatch' })
    expect(readdirSync(run.parent)).toEqual(['checkpoints'])
  })

  test('takes an empty folder and refuses one that holds something', async () => {
    const run = await trainedRun(tinySpec())
    mkdirSync(run.outDirectory)
    await exportTfjs(run)
    await expect(exportTfjs(run)).rejects.toMatchObject({ code: 'export-exists' })
  })

  test('refuses a damaged checkpoint', async () => {
    const run = await trainedRun(tinySpec())
    writeFileSync(join(run.checkpointDirectory, 'weights.bin'), 'nothing')
    await expect(exportTfjs(run)).rejects.toMatchObject({ code: 'checkpoint-damaged' })
    expect(existsSync(run.outDirectory)).toBe(false)
  })
})

describe('predict', () => {
  test('gives the five most probable labels of a picture file', async () => {
    const run = await trainedRun(tinySpec())
    const dataset = await openDataset('mnist')
    const image = join(run.parent, 'digit.png')
    const pixels = dataset.readImages('test', [0])
    await sharp(pixels, { raw: { width: 28, height: 28, channels: 1 } })
      .png()
      .toFile(image)
    const [prediction] = await predict({ ...run, images: [image] })
    expect(prediction!.image).toBe(image)
    const probabilities = prediction!.top.map(({ probability }) => probability)
    expect(probabilities).toEqual([...probabilities].sort((a, b) => b - a))
    expect(prediction!.top).toHaveLength(5)
    expect(dataset.info.labels).toContain(prediction!.top[0]!.label)
  })

  test('says which picture cannot be read, and goes on with the others', async () => {
    const run = await trainedRun(tinySpec())
    const image = join(run.parent, 'broken.png')
    writeFileSync(image, 'not a picture')
    const good = join(run.parent, 'black.png')
    await sharp({ create: { width: 28, height: 28, channels: 3, background: '#000' } })
      .png()
      .toFile(good)
    const [broken, black] = await predict({ ...run, images: [image, good] })
    expect(broken).toMatchObject({ image, top: [], error: { code: 'image-unreadable', details: { image } } })
    expect([black!.error, black!.top.length]).toEqual([null, 5])
  })
})
