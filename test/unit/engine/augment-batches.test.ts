import { describe, expect, test } from 'vitest'
import { augmentationPreviewSchema } from '../../../src-core/domain/evaluation/artifact.ts'
import type { Pictures } from '../../../src-core/domain/evaluation/artifact.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { tf, type Tensor4D } from '../../../src-core/engine/backend.ts'
import { makeAugmentationPreview, previewAugmentation } from '../../../src-core/engine/data/augmentation/preview.ts'
import { makePreprocess } from '../../../src-core/engine/data/preprocess.ts'
import { BatchSource } from '../../../src-core/engine/training/batch-source.ts'
import type { Batch } from '../../../src-core/engine/training/step.ts'
import { augmentedSpec, everyChange, madeUpDataset } from './augment-datasets.ts'

const colour = madeUpDataset(36, 3)

/** What is in a batch, and its memory back. */
function contentOf({ images, labels, indices, crops }: Batch) {
  const content = {
    shape: images.shape,
    values: [...images.dataSync()],
    labels: [...labels.dataSync()],
    indices: [...indices],
    crops,
  }
  tf.dispose([images, labels])
  return content
}

async function contents(source: BatchSource, steps: readonly number[]) {
  const found = []
  for (const step of steps) found.push(contentOf(await source.trainingBatch(step)))
  return found
}

function valuesOf(images: Tensor4D): number[] {
  const values = [...images.dataSync()]
  images.dispose()
  return values
}

describe('training batches', () => {
  test('a batch depends on the step alone: a resumed run reads what the unbroken one does', async () => {
    const unbroken = new BatchSource(augmentedSpec(everyChange), colour)
    const batches = await contents(unbroken, [0, 1, 2, 3, 4, 5])
    const resumed = new BatchSource(augmentedSpec(everyChange), colour)
    expect(await contents(resumed, [5, 2])).toEqual([batches[5], batches[2]])
  })

  test('the same image is changed in another way in the next epoch', async () => {
    const spec = augmentedSpec(everyChange)
    const source = new BatchSource(spec, colour)
    const rowOf = async (step: number, image: number): Promise<number[] | null> => {
      const { indices, values } = contentOf(await source.trainingBatch(step))
      const place = indices.indexOf(image)
      return place < 0 ? null : values.slice(place * 32 * 32 * 3, (place + 1) * 32 * 32 * 3)
    }
    const perEpoch = source.workload.stepsPerEpoch
    const image = source.split.training[0]!
    const rows = await Promise.all(Array.from({ length: 2 * perEpoch }, (_, step) => rowOf(step, image)))
    const seen = rows.filter((row) => row !== null)
    expect(seen.length).toBeGreaterThanOrEqual(2)
    expect(seen[0]).not.toEqual(seen[1])
  })

  test('without augmentation a batch is the plain preprocessing', async () => {
    const spec = augmentedSpec({}, { pixels: 'standardized' })
    const { values, indices, labels, crops } = contentOf(await new BatchSource(spec, colour).trainingBatch(0))
    const plain = makePreprocess(spec, colour.info, { purpose: 'training' })
    expect(values).toEqual(valuesOf(plain(colour.readImages('train', indices))))
    expect(labels).toEqual([...colour.readLabels('train', indices)])
    expect(crops).toBe(1)
  })

  test('are normalised after the augmentation, with the statistics of the training', async () => {
    const changes = { ...everyChange, noise: 0 }
    const statistics = { testMean: [0.9], testDeviation: [9] }
    const custom = { pixels: 'custom', mean: [0.1, 0.2, 0.3], deviation: [0.5, 1, 2] } as const
    const given = { ...custom, mean: [...custom.mean], deviation: [...custom.deviation], ...statistics }
    const read = async (spec: RunSpec): Promise<number[]> =>
      contentOf(await new BatchSource(spec, colour).trainingBatch(1)).values
    const unit = await read(augmentedSpec(changes))
    const normalised = await read(augmentedSpec(changes, given))
    normalised.forEach((value, index) => {
      const channel = index % 3
      expect(value).toBeCloseTo((unit[index]! - custom.mean[channel]!) / custom.deviation[channel]!, 4)
    })
  })

  test('random crops are pieces of the picture, mirrored or not, and not all the same piece', async () => {
    const spec = augmentedSpec({ randomCrop: true, flip: true }, { channels: 1 })
    const grey = madeUpDataset(36, 1)
    const { values, indices } = contentOf(await new BatchSource(spec, grey).trainingBatch(0))
    const places = indices.map((image, place) => {
      const bytes = grey.readImages('train', [image])
      const got = values.slice(place * 1024, (place + 1) * 1024).map((value) => Math.round(value * 255))
      const crop = (row: number, column: number, mirrored: boolean): number[] =>
        Array.from({ length: 1024 }, (_, i) => {
          const x = mirrored ? 31 - (i % 32) : i % 32
          return bytes[(row + Math.floor(i / 32)) * 36 + column + x]!
        })
      const candidates = [0, 1, 2, 3, 4].flatMap((row) =>
        [0, 1, 2, 3, 4].flatMap((column) => [false, true].map((mirrored) => [row, column, mirrored] as const)),
      )
      return candidates.find((candidate) => String(crop(...candidate)) === String(got))
    })
    expect(places).not.toContain(undefined)
    expect(new Set(places.map(String)).size).toBeGreaterThan(3)
  })

  test('grey in a colour network stays grey unless noise colours it', async () => {
    const grey = madeUpDataset(28, 1)
    const read = async (noise: number): Promise<number[]> =>
      contentOf(await new BatchSource(augmentedSpec({ ...everyChange, noise }), grey).trainingBatch(0)).values
    const values = await read(0)
    for (let i = 0; i < values.length; i += 3) {
      expect(Math.abs(values[i]! - values[i + 1]!) + Math.abs(values[i]! - values[i + 2]!)).toBeLessThan(1e-5)
    }
    const noisy = await read(0.1)
    expect(noisy[0]).not.toBe(noisy[1])
  })

  test('leave no tensor behind', async () => {
    const source = new BatchSource(augmentedSpec(everyChange, { pixels: 'standardized', tenCrop: true }), colour)
    await contents(source, [0])
    const before = tf.memory().numTensors
    await contents(source, [0, 1, 2])
    for (const batch of source.validationBatches()) contentOf(batch)
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('evaluation batches', () => {
  test('are never augmented and follow the order of the split', () => {
    const [augmented, plain] = [augmentedSpec(everyChange), augmentedSpec({})].map((spec) => {
      const source = new BatchSource(spec, colour)
      return { source, batches: [...source.validationBatches(), ...source.testBatches()].map(contentOf) }
    })
    expect(augmented!.batches).toEqual(plain!.batches)
    const { split } = plain!.source
    expect(plain!.batches.flatMap(({ indices }) => indices)).toEqual([...split.validation, ...split.test])
    expect(plain!.batches.map(({ crops }) => crops)).toEqual([1, 1, 1, 1])
  })

  test('use the statistics for evaluation', () => {
    const read = (spec: RunSpec): number[] => contentOf([...new BatchSource(spec, colour).testBatches()][0]!).values
    const unit = read(augmentedSpec({}))
    const other = read(augmentedSpec({}, { testMean: [0.5, 0.25, 0], testDeviation: [0.5, 1, 2] }))
    const expected = (value: number, channel: number): number =>
      [(value - 0.5) / 0.5, value - 0.25, value / 2][channel]!
    other.forEach((value, index) => expect(value).toBeCloseTo(expected(unit[index]!, index % 3), 5))
  })

  test('have ten rows per label with ten crops, in smaller batches', () => {
    const spec = augmentedSpec(everyChange, { tenCrop: true })
    const source = new BatchSource({ ...spec, training: { ...spec.training, batchSize: 20 } }, colour)
    const batches = [...source.testBatches()].map(contentOf)
    expect(batches.map(({ shape }) => shape)).toEqual(new Array(6).fill([20, 32, 32, 3]))
    expect(batches.map(({ labels, crops }) => [labels.length, crops])).toEqual(new Array(6).fill([2, 10]))
    const tenCrops = makePreprocess(spec, colour.info, { crops: 10 })
    expect(batches[0]!.values).toEqual(valuesOf(tenCrops(colour.readImages('test', batches[0]!.indices))))
  })
})

function bytesOf({ pixels }: Pictures): Buffer {
  return Buffer.from(pixels, 'base64')
}

describe('the preview', () => {
  const spec = augmentedSpec(everyChange)
  const { training } = new BatchSource(spec, colour).split

  test('holds the originals and what the first steps make of them', () => {
    const { originals, augmented, variants } = previewAugmentation({ spec, dataset: colour, training })
    expect([originals.count, originals.size, originals.channels]).toEqual([6, 32, 3])
    expect([augmented.count, augmented.size, variants]).toEqual([36, 32, 6])
    const plain = makePreprocess(augmentedSpec({}), colour.info)
    const expected = valuesOf(plain(colour.readImages('train', training.subarray(0, 6))))
    expect([...bytesOf(originals)]).toEqual(expected.map((value) => Math.round(value * 255)))
    const picture = (index: number): string =>
      bytesOf(augmented)
        .subarray(index * 3072, (index + 1) * 3072)
        .toString('hex')
    expect(new Set(Array.from({ length: 36 }, (_, index) => picture(index))).size).toBe(36)
  })

  test('shows the first images of a batch as the run would draw them', async () => {
    const first = new BatchSource(spec, colour)
    const { indices, values } = contentOf(await first.trainingBatch(0))
    const others = training.filter((image) => !indices.includes(image))
    const reordered = Uint32Array.from([...indices, ...others])
    const { augmented } = previewAugmentation({ spec, dataset: colour, training: reordered })
    const bytes = bytesOf(augmented)
    const clip = (value: number): number => Math.round(Math.min(1, Math.max(0, Math.fround(value))) * 255)
    for (let image = 0; image < 6; image++) {
      const variant = [...bytes.subarray(image * 6 * 3072, image * 6 * 3072 + 3072)]
      const row = values.slice(image * 3072, (image + 1) * 3072).map(clip)
      // In another order the sums behind the colour shift round differently, which may turn a half up or down.
      variant.forEach((byte, place) => expect(Math.abs(byte - row[place]!)).toBeLessThanOrEqual(1))
    }
  })

  test('is for any size of input, grey or colour, and never larger than 96 pixels', async () => {
    const large = augmentedSpec({ ...everyChange, randomCrop: false }, { channels: 1, resize: null })
    const preview = await makeAugmentationPreview({
      ...large,
      model: { ...large.model, input: { size: 227, channels: 1 } },
    })
    expect(augmentationPreviewSchema.parse(preview).augmented).toMatchObject({ count: 36, size: 96, channels: 1 })
    expect(bytesOf(preview.originals)).toHaveLength(6 * 96 * 96)
  })

  test('leaves no tensor behind', () => {
    const before = tf.memory().numTensors
    previewAugmentation({ spec, dataset: colour, training })
    expect(tf.memory().numTensors).toBe(before)
  })

  test('refuses what a run would refuse', async () => {
    const unknown = { ...spec, data: { ...spec.data, dataset: 'nothing' } }
    await expect(makeAugmentationPreview(unknown)).rejects.toMatchObject({ code: 'unknown-dataset' })
    const tooLarge = { ...spec, data: { ...spec.data, trainImages: 4 } }
    await expect(makeAugmentationPreview(tooLarge)).rejects.toMatchObject({ code: 'batch-too-large' })
  })
})
