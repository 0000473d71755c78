import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { mnistInfo, type DatasetInfo } from '../../../src-core/domain/dataset.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import type { DataSpec, RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { tf, type Tensor4D } from '../../../src-core/engine/backend.ts'
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
  return splitDataset(
    { ...spec, data: { ...spec.data, ...data }, training: { ...spec.training, seed, batchSize } },
    counts,
  )
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

const recipe = recipeSpec('alexnet-small')

/** The recipe with another input and other data. */
function specWith(input: Partial<RunSpec['model']['input']>, data: Partial<DataSpec> = {}): RunSpec {
  return {
    ...recipe,
    model: { ...recipe.model, input: { ...recipe.model.input, ...input } },
    data: { ...recipe.data, pixels: 'unit', ...data },
  }
}

/** Bytes that differ in every place: 16 times row plus column, plus 100 times channel. */
function numberedImage(size: number, channels = 1): Uint8Array {
  return Uint8Array.from({ length: size * size * channels }, (_, index) => {
    const pixel = Math.floor(index / channels)
    return 16 * Math.floor(pixel / size) + (pixel % size) + 100 * (index % channels)
  })
}

/** The values of a tensor as bytes again, and its memory back. */
function bytesOf(images: Tensor4D): number[] {
  const bytes = Array.from(images.dataSync(), (value) => Math.round(value * 255))
  images.dispose()
  return bytes
}

function rowsOf(size: number, row: number, column: number): number[] {
  return Array.from({ length: size * size }, (_, i) => 16 * (row + Math.floor(i / size)) + column + (i % size))
}

describe('makePreprocess', () => {
  const info = { ...mnistInfo, size: 2, mean: [0.5], standardDeviation: [0.25] }
  const pixel = { ...info, size: 1 }
  const colourPixel: DatasetInfo = { ...pixel, channels: 3, mean: [0.5, 0.4, 0.3], standardDeviation: [0.25, 0.2, 0.1] }

  test('scales, standardises, resizes and repeats grey', () => {
    const images = makePreprocess(recipe, info)(new Uint8Array([0, 255, 0, 255]))
    expect(images.shape).toEqual([1, 32, 32, 3])
    const values = images.dataSync()
    expect(values[0]).toBeCloseTo(-2)
    expect(values.at(-1)).toBeCloseTo(2)
    expect(values[48]).toBe(values[50])
  })

  test('unit pixels stay in 0 to 1', () => {
    const values = makePreprocess(specWith({}), info)(new Uint8Array([0, 255, 51, 255])).dataSync()
    expect([Math.min(...values), Math.max(...values)]).toEqual([0, 1])
  })

  test('resizes as PyTorch does', () => {
    const { affine, resize } = JSON.parse(readFileSync('test/fixtures/augmentation.json', 'utf8')) as {
      affine: { side: number; image: number[] }
      resize: { size: number; result: number[] }
    }
    const bytes = Uint8Array.from(affine.image, (value) => Math.round(value * 255))
    const spec = specWith({ size: resize.size, channels: 1 })
    const values = makePreprocess(spec, { ...mnistInfo, size: affine.side })(bytes).dataSync()
    // The bytes are rounded, the reference is not.
    resize.result.forEach((value, index) => expect(Math.abs(values[index]! - value)).toBeLessThan(0.5 / 255 + 1e-6))
  })

  test('standardises each colour by its own statistics', () => {
    const spec = specWith({ size: 1 }, { pixels: 'standardized' })
    const values = makePreprocess(spec, colourPixel)(new Uint8Array([255, 0, 51])).dataSync()
    expect([...values].map((value) => +value.toFixed(5))).toEqual([2, -2, -1])
  })

  test('colour becomes luminance for a grey network', () => {
    const spec = specWith({ size: 1, channels: 1 })
    const values = makePreprocess(spec, colourPixel)(new Uint8Array([255, 0, 0])).dataSync()
    expect(values[0]).toBeCloseTo(0.299)
  })

  test('luminance is standardised by the weighted mean and deviation', () => {
    const spec = specWith({ size: 1, channels: 1 }, { pixels: 'standardized' })
    const values = makePreprocess(spec, colourPixel)(new Uint8Array([51, 102, 204])).dataSync()
    const mean = 0.299 * 0.5 + 0.587 * 0.4 + 0.114 * 0.3
    const deviation = 0.299 * 0.25 + 0.587 * 0.2 + 0.114 * 0.1
    expect(values[0]).toBeCloseTo((0.299 * 0.2 + 0.587 * 0.4 + 0.114 * 0.8 - mean) / deviation, 5)
  })

  test('custom pixels may differ by channel even for repeated grey', () => {
    const custom = { pixels: 'custom', mean: [0.1, 0.2, 0.3], deviation: [0.5, 1, 2] } as const
    const spec = specWith({ size: 1 }, { ...custom, mean: [...custom.mean], deviation: [...custom.deviation] })
    const values = makePreprocess(spec, pixel)(new Uint8Array([255])).dataSync()
    expect([...values].map((value) => +value.toFixed(5))).toEqual([1.8, 0.8, 0.35])
    const single = specWith({ size: 1 }, { pixels: 'custom', mean: [0.5], deviation: [0.25] })
    expect([...makePreprocess(single, pixel)(new Uint8Array([255])).dataSync()]).toEqual([2, 2, 2])
  })

  test('evaluation has its own statistics where they are given, training never', () => {
    const spec = specWith({ size: 1, channels: 1 }, { testMean: [0.5], testDeviation: [0.1] })
    const read = (purpose: 'training' | 'evaluation'): number =>
      makePreprocess(spec, pixel, { purpose })(new Uint8Array([255])).dataSync()[0]!
    expect(read('evaluation')).toBeCloseTo(5)
    expect(read('training')).toBe(1)
  })

  test('cuts the middle out of the resized image', () => {
    const spec = specWith({ size: 3, channels: 1 }, { resize: 6 })
    const preprocess = makePreprocess(spec, { ...mnistInfo, size: 6 })
    expect(bytesOf(preprocess(numberedImage(6)))).toEqual(rowsOf(3, 1, 1))
  })

  test('keeps the colours in their places when it cuts', () => {
    const spec = specWith({ size: 1 }, { resize: 3 })
    const preprocess = makePreprocess(spec, { ...colourPixel, size: 3 })
    expect(bytesOf(preprocess(numberedImage(3, 3)))).toEqual([17, 117, 217])
  })

  test('takes ten crops: corners, centre, then their mirror images, image by image', () => {
    const spec = specWith({ size: 3, channels: 1 }, { resize: 6 })
    const preprocess = makePreprocess(spec, { ...mnistInfo, size: 6 }, { crops: 10 })
    const both = new Uint8Array(72)
    both.set(numberedImage(6))
    both.set(
      numberedImage(6).map((value) => value + 100),
      36,
    )
    const images = preprocess(both)
    expect(images.shape).toEqual([20, 3, 3, 1])
    const places: [number, number][] = [
      [0, 0],
      [0, 3],
      [3, 0],
      [3, 3],
      [1, 1],
    ]
    const crops = places.map(([row, column]) => rowsOf(3, row, column))
    const mirrored = crops.map((crop) => [2, 1, 0, 5, 4, 3, 8, 7, 6].map((place) => crop[place]!))
    const ten = [...crops, ...mirrored].flat()
    expect(bytesOf(images)).toEqual([...ten, ...ten.map((value) => value + 100)])
  })

  test('leaves no tensor behind and never shares memory with what it was given', () => {
    const preprocess = makePreprocess(specWith({ size: 6, channels: 1 }), { ...mnistInfo, size: 6 })
    const before = tf.memory().numTensors
    const bytes = numberedImage(6)
    const [first, second] = [preprocess(bytes), preprocess(bytes)]
    bytes.fill(0)
    expect(bytesOf(first)).toEqual(rowsOf(6, 0, 0))
    expect(bytesOf(second)).toEqual(rowsOf(6, 0, 0))
    expect(tf.memory().numTensors).toBe(before)
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

  test('limits the time that a picture takes, and hands out the memory that it was decoded into', async () => {
    const path = join(directory, 'plain.png')
    await sharp({ create: { width: 8, height: 8, channels: 3, background: '#ffffff' } }).toFile(path)
    const [timeout, toBuffer] = [vi.spyOn(sharp.prototype, 'timeout'), vi.spyOn(sharp.prototype, 'toBuffer')]
    const pixels = await decodeImage(path, mnistInfo)
    const decoded: unknown = await toBuffer.mock.results[0]!.value
    expect(timeout).toHaveBeenCalledExactlyOnceWith({ seconds: 60 })
    expect(pixels.buffer).toBe((decoded as Buffer).buffer)
    vi.restoreAllMocks()
  })

  test('refuses what is no picture', async () => {
    const path = join(directory, 'text.jpg')
    writeFileSync(path, 'hello')
    await expect(decodeImage(path, mnistInfo)).rejects.toMatchObject({
      code: 'image-unreadable',
      message: `The picture ${path} cannot be read: it is not a JPEG, PNG or WebP picture`,
    })
    const whole = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#345' } })
      .png()
      .toBuffer()
    await expect(decodeImage(whole.subarray(0, 60), mnistInfo, 'cut.png')).rejects.toThrow(
      /^The picture cut\.png cannot be read: it is damaged \(/,
    )
    await expect(decodeImage(Buffer.alloc(0), mnistInfo, 'empty.png')).rejects.toThrow('there is nothing in it')
  })
})
