import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, describe, expect, test } from 'vitest'
import { mnistInfo } from '../../../src-core/domain/dataset.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import type { DataSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { BatchOrder, consecutiveBatches } from '../../../src-core/engine/data/batches.ts'
import { decodeImage } from '../../../src-core/engine/data/decode-image.ts'
import { openMnist } from '../../../src-core/engine/data/mnist.ts'
import { openDataset } from '../../../src-core/engine/data/open-dataset.ts'
import { makePreprocess } from '../../../src-core/engine/data/preprocess.ts'
import { splitDataset } from '../../../src-core/engine/data/split.ts'

const directory = mkdtempSync(join(tmpdir(), 'ablate-data-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('MNIST', async () => {
  const dataset = await openMnist()

  test('has the mean and deviation that its info states', () => {
    const indices = Uint32Array.from({ length: mnistInfo.trainImages }, (_, i) => i)
    const pixels = dataset.readImages('train', indices)
    let sum = 0
    let squares = 0
    for (const pixel of pixels) {
      sum += pixel
      squares += pixel * pixel
    }
    const mean = sum / pixels.length
    expect(mean / 255).toBeCloseTo(mnistInfo.mean[0]!, 9)
    expect(Math.sqrt(squares / pixels.length - mean ** 2) / 255).toBeCloseTo(mnistInfo.standardDeviation[0]!, 9)
  })

  test('has the first labels of the original files', () => {
    expect([...dataset.readLabels('train', [0, 1, 2])]).toEqual([5, 0, 4])
    expect([...dataset.readLabels('test', [0, 1, 2])]).toEqual([7, 2, 1])
  })

  test('hands out fresh memory', () => {
    const before = dataset.readImages('test', [3])
    before.fill(7)
    expect(dataset.readImages('test', [3])).not.toEqual(before)
  })

  test('is missing where there are no files', async () => {
    await expect(openMnist(directory)).rejects.toMatchObject({ code: 'dataset-missing' })
  })

  test('is damaged when a file is too short', async () => {
    writeFileSync(join(directory, 'train-images-idx3-ubyte'), Buffer.alloc(100))
    await expect(openMnist(directory)).rejects.toMatchObject({ code: 'dataset-damaged' })
  })
})

test('an unknown data set is refused with those that exist', async () => {
  await expect(openDataset('imagenet')).rejects.toThrow(/imagenet.*Known data sets: mnist/)
  await expect(openDataset('constructor')).rejects.toMatchObject({ code: 'unknown-dataset' })
})

function splitOf(data: Partial<DataSpec>, seed = 1, batchSize = 4) {
  const spec = recipeSpec('alexnet-small')
  const counts = { trainImages: 100, testImages: 30 }
  return splitDataset({ data: { ...spec.data, ...data }, training: { ...spec.training, seed, batchSize } }, counts)
}

describe('splitDataset', () => {
  test('parts do not overlap and cover what is used', () => {
    const { training, validation, test: testing } = splitOf({ validationFraction: 0.2 })
    expect([training.length, validation.length, testing.length]).toEqual([80, 20, 30])
    expect(new Set([...training, ...validation]).size).toBe(100)
  })

  test('depends on the seed alone', () => {
    expect(splitOf({})).toEqual(splitOf({}))
    expect(splitOf({}, 2)).not.toEqual(splitOf({}))
  })

  test('keeps to the limits, and to what there is', () => {
    const {
      training,
      validation,
      test: testing,
    } = splitOf({ trainImages: 50, testImages: 500, validationFraction: 0.1 })
    expect([training.length, validation.length, testing.length]).toEqual([45, 5, 30])
  })

  test('holds out nothing for 0, and at least one image for more', () => {
    expect(splitOf({ validationFraction: 0 }).validation).toHaveLength(0)
    expect(splitOf({ validationFraction: 0.001 }).validation).toHaveLength(1)
  })

  test('refuses a batch larger than the training images, with both numbers', () => {
    expect(() => splitOf({ trainImages: 10, validationFraction: 0.2 }, 1, 9)).toThrow(/batch of 9 .* 8 images/)
  })
})

describe('batches', () => {
  const indices = Uint32Array.from({ length: 10 }, (_, i) => 100 + i)

  test('every image at most once per epoch, another order in the next', () => {
    const order = new BatchOrder(indices, 3, 5)
    const epoch = (first: number): number[] => [0, 1, 2].flatMap((step) => [...order.batch(first + step)])
    const [first, second] = [epoch(0), epoch(3)]
    expect(new Set(first).size).toBe(9)
    expect(first.every((index) => index >= 100 && index < 110)).toBe(true)
    expect(second).not.toEqual(first)
  })

  test('a batch depends on the step alone, not on what was asked before', () => {
    const order = new BatchOrder(indices, 3, 5)
    order.batch(0)
    expect(order.batch(7)).toEqual(new BatchOrder(indices, 3, 5).batch(7))
  })

  test('consecutive batches end with a shorter one', () => {
    expect([...consecutiveBatches(indices, 4)].map((batch) => batch.length)).toEqual([4, 4, 2])
  })
})

describe('makePreprocess', () => {
  const spec = recipeSpec('alexnet-small')
  const info = { ...mnistInfo, size: 2, mean: [0.5], standardDeviation: [0.25] }

  test('scales, standardises, resizes and repeats grey', () => {
    const images = makePreprocess(spec, info)(new Uint8Array([0, 255, 0, 255]))
    expect(images.shape).toEqual([1, 32, 32, 3])
    const values = images.dataSync()
    expect(values[0]).toBeCloseTo(-2)
    expect(values.at(-1)).toBeCloseTo(2)
    expect(values[48]).toBe(values[50])
  })

  test('unit pixels stay in 0 to 1', () => {
    const unit = { ...spec, data: { ...spec.data, pixels: 'unit' as const } }
    const values = makePreprocess(unit, info)(new Uint8Array([0, 255, 51, 255])).dataSync()
    expect([Math.min(...values), Math.max(...values)]).toEqual([0, 1])
  })

  test('colour becomes luminance for a grey network', () => {
    const grey = { ...spec, model: { ...spec.model, input: { size: 1, channels: 1 as const } } }
    const colour = { ...info, size: 1, channels: 3, mean: [0, 0, 0], standardDeviation: [1, 1, 1] }
    const values = makePreprocess(grey, colour)(new Uint8Array([255, 0, 0])).dataSync()
    expect(values[0]).toBeCloseTo(0.299)
  })
})

describe('decodeImage', () => {
  test('crops to a square of the stored size and kind', async () => {
    const path = join(directory, 'colour.png')
    await sharp({ create: { width: 60, height: 30, channels: 3, background: '#ffffff' } })
      .png()
      .toFile(path)
    expect([...new Set(await decodeImage(path, mnistInfo))]).toEqual([255])
    expect(await decodeImage(path, mnistInfo)).toHaveLength(28 * 28)
    expect(await decodeImage(path, { ...mnistInfo, channels: 3 })).toHaveLength(28 * 28 * 3)
  })

  test('puts a transparent picture on black', async () => {
    const path = join(directory, 'transparent.png')
    const background = { r: 255, g: 255, b: 255, alpha: 0 }
    await sharp({ create: { width: 8, height: 8, channels: 4, background } })
      .png()
      .toFile(path)
    expect([...new Set(await decodeImage(path, mnistInfo))]).toEqual([0])
  })

  test('refuses what is no picture', async () => {
    const path = join(directory, 'text.jpg')
    writeFileSync(path, 'hello')
    await expect(decodeImage(path, mnistInfo)).rejects.toMatchObject({ code: 'image-unreadable' })
  })
})
