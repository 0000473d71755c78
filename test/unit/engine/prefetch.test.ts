import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { batchWorkerVariable } from '../../../src-core/domain/environment.ts'
import { datasetFiles } from '../../../src-core/domain/datasets/stored-dataset.ts'
import { setAtPath } from '../../../src-core/domain/spec/paths.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { tf, type Tensor } from '../../../src-core/engine/backend.ts'
import { openDataset } from '../../../src-core/engine/data/open-dataset.ts'
import { openPackedDataset } from '../../../src-core/engine/data/packed-dataset.ts'
import { batchBytes, directFeed, openFeed, type BatchFeed } from '../../../src-core/engine/data/prefetch/batch-feed.ts'
import {
  batchesAhead,
  PrefetchedBatches,
  threadName,
} from '../../../src-core/engine/data/prefetch/prefetched-batches.ts'
import { BatchSource } from '../../../src-core/engine/training/batch-source.ts'
import { addStored, writePacked } from '../../support/stored-datasets.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { augmentedSpec, everyChange, madeUpDataset } from './augment-datasets.ts'

function packed(size: number, channels: 1 | 3): string {
  return writePacked(temporaryDirectory(), 'made-up', madeUpDataset(size, channels))
}

function madeUp(spec: RunSpec): RunSpec {
  return setAtPath(spec, 'data.dataset', 'made-up')
}

function prefetched(spec: RunSpec, datasetDirectory: string, threads = 1): PrefetchedBatches {
  const feed = new PrefetchedBatches({ spec: madeUp(spec), datasetDirectory, bytes: 1, threads })
  onTestFinished(() => feed.close())
  return feed
}

/** Threads of this process that make batches. */
function batchThreads(): number {
  const tasks = '/proc/self/task'
  return readdirSync(tasks).filter((id) => {
    try {
      return readFileSync(join(tasks, id, 'comm'), 'utf8').trim() === threadName
    } catch {
      return false
    }
  }).length
}

/** What the network would read at these steps, one after the other, each disposed of as a run does. */
async function read(spec: RunSpec, directory: string, feed: BatchFeed, steps: readonly number[]) {
  const dataset = await openPackedDataset(directory)
  const source = new BatchSource(spec, dataset, feed)
  const batches = []
  for (const step of steps) {
    const batch = await source.trainingBatch(step)
    const bits = Buffer.from(batch.images.dataSync().slice().buffer).toString('base64')
    batches.push({ step, bits, labels: [...batch.labels.dataSync()], indices: [...batch.indices] })
    source.disposeTrainingBatch(batch, step)
  }
  dataset.close()
  return batches
}

describe('batches made ahead', () => {
  const cases: [string, 36 | 40, 1 | 3, RunSpec][] = [
    ['crop and flip', 36, 3, augmentedSpec({ randomCrop: true, flip: true }, { pixels: 'standardized' })],
    ['nothing', 36, 3, augmentedSpec({})],
    ['shifts of grey for a colour network', 36, 1, augmentedSpec({ translation: 9, flip: true })],
    ['another size', 40, 3, augmentedSpec({ randomCrop: true }, { pixels: 'standardized' })],
    ['every change', 36, 3, augmentedSpec(everyChange)],
    ['colours for a grey network', 36, 3, augmentedSpec({ flip: true, contrast: 0.2 }, { channels: 1 })],
  ]
  // 36 training images in batches of 8: an epoch ends after the fourth batch.
  const [unbroken, resumed] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [6, 7, 8, 9],
  ]

  test.each(cases)(
    'with %s are bit for bit those that are made when asked for',
    async (_what, size, channels, spec) => {
      const directory = packed(size, channels)
      const dataset = await openPackedDataset(directory)
      onTestFinished(() => dataset.close())
      const expected = await read(spec, directory, directFeed(spec, dataset), unbroken)
      expect(await read(spec, directory, prefetched(spec, directory), unbroken)).toEqual(expected)
      expect(await read(spec, directory, prefetched(spec, directory, 2), resumed)).toEqual(expected.slice(6))
    },
  )

  test('are right also when a step is asked for twice, or out of turn', async () => {
    const spec = augmentedSpec({ flip: true })
    const directory = packed(36, 3)
    const steps = [4, 5, 5, 20, 1]
    const dataset = await openPackedDataset(directory)
    onTestFinished(() => dataset.close())
    const found = await read(spec, directory, prefetched(spec, directory), steps)
    expect(found).toEqual(await read(spec, directory, directFeed(spec, dataset), steps))
  })

  test('are a few, and fewer when they are large', () => {
    expect([1, 4].map((threads) => batchesAhead(threads, 20e6))).toEqual([3, 6])
    expect([100e6, 200e6, 900e6].map((bytes) => batchesAhead(4, bytes))).toEqual([5, 2, 1])
  })

  test('are made by threads that end when they are closed', async () => {
    const directory = packed(36, 3)
    const feed = prefetched(augmentedSpec({}), directory, 2)
    await feed.next(0)
    expect(batchThreads()).toBe(2)
    await feed.close()
    expect(batchThreads()).toBe(0)
    await expect(feed.next(9)).rejects.toMatchObject({ code: 'internal' })
  })
})

describe('what goes wrong in the thread', () => {
  test('when it opens the data set reaches whoever asks for a batch', async () => {
    const nowhere = prefetched(augmentedSpec({}), join(temporaryDirectory(), 'nowhere'))
    await expect(nowhere.next(0)).rejects.toMatchObject({ code: 'dataset-missing' })
    const odd = prefetched(augmentedSpec({}), addStored(temporaryDirectory(), 'odd', '{'))
    await expect(odd.next(0)).rejects.toMatchObject({ code: 'dataset-damaged' })
    await expect(odd.next(1)).rejects.toMatchObject({ code: 'dataset-damaged' })
  })

  test('when it reads is the same error as without a thread', async () => {
    const spec = augmentedSpec({})
    const directory = packed(36, 3)
    const feed = prefetched(spec, directory)
    const dataset = await openPackedDataset(directory)
    onTestFinished(() => dataset.close())
    await feed.next(0)
    truncateSync(join(directory, datasetFiles.train.images), 100)
    const direct = await directFeed(spec, dataset)
      .next(30)
      .catch((error: Error) => error)
    await expect(feed.next(30)).rejects.toEqual(direct)
    expect(direct).toMatchObject({ code: 'dataset-damaged' })
  })
})

describe('a thread that dies', () => {
  /** A feed whose thread runs this program instead. */
  function running(program: string): PrefetchedBatches {
    const file = join(temporaryDirectory(), 'thread.mjs')
    writeFileSync(file, program)
    vi.stubEnv(batchWorkerVariable, file)
    onTestFinished(() => void vi.unstubAllEnvs())
    return prefetched(augmentedSpec({}), 'nowhere')
  }

  test.each([
    ['of an error', `throw new Error('no such luck')`, 'internal', /no such luck/],
    [
      'for want of memory',
      `throw Object.assign(new Error('full'), { code: 'ERR_WORKER_OUT_OF_MEMORY' })`,
      'out-of-memory',
      /full/,
    ],
    ['without a word', `process.exit(3)`, 'internal', /has ended/],
  ])('%s ends the run with the reason, whatever was asked for', async (_how, program, code, message) => {
    const feed = running(program)
    const reason = { code, message: expect.stringMatching(message) }
    await expect(feed.next(0)).rejects.toMatchObject(reason)
    await expect(feed.next(1)).rejects.toMatchObject(reason)
  })
})

describe('the memory of a batch', () => {
  /** A feed that spoils the memory it gets back, as the next batch would. */
  async function spoiling() {
    const spec = augmentedSpec({ randomCrop: true })
    const dataset = madeUpDataset(36, 3)
    const direct = directFeed(spec, dataset)
    const spoiled: number[] = []
    const recycle: BatchFeed['recycle'] = (floats, step) => {
      floats.fill(NaN)
      spoiled.push(step)
    }
    return { source: new BatchSource(spec, dataset, { ...direct, recycle }), spoiled }
  }

  const valuesOf = (tensor: Tensor): number[] => [...tensor.dataSync()]

  test('is given back once the batch is disposed of, and no tensor that lives changes with it', async () => {
    const { source, spoiled } = await spoiling()
    const first = await source.trainingBatch(0)
    const made = tf.tidy(() => tf.add(first.images, 1))
    source.disposeTrainingBatch(first, 0)
    const before = valuesOf(made)
    const second = await source.trainingBatch(1)
    const sum = tf.tidy(() => tf.sum(tf.add(second.images, made)).dataSync()[0])
    source.disposeTrainingBatch(second, 1)
    expect([spoiled, Number.isFinite(sum)]).toEqual([[1], true])
    expect(valuesOf(made)).toEqual(before)
    made.dispose()
  })

  test('is kept while a tensor lives that may share it', async () => {
    const { source, spoiled } = await spoiling()
    const batch = await source.trainingBatch(0)
    const seen = tf.reshape(batch.images, [-1])
    const before = valuesOf(seen)
    source.disposeTrainingBatch(batch, 0)
    expect(spoiled).toEqual([])
    expect(valuesOf(seen)).toEqual(before)
    seen.dispose()
  })
})

describe('a thread', () => {
  test('makes large batches, and small ones are made directly: the spec alone decides', async () => {
    const small = recipeSpec('alexnet-small')
    const mnist = await openDataset('mnist')
    expect(openFeed(small, mnist, null)).not.toBeInstanceOf(PrefetchedBatches)
    expect(batchThreads()).toBe(0)
    const directory = packed(128, 3)
    const dataset = await openPackedDataset(directory)
    onTestFinished(() => dataset.close())
    const large = madeUp(augmentedSpec({}, { resize: null }))
    const spec = { ...large, model: { ...large.model, input: { size: 128, channels: 3 as const } } }
    expect(batchBytes(spec, dataset)).toBe(4 * 8 * 128 * 128 * 3)
    const feed = openFeed(spec, dataset, directory)
    expect(feed).toBeInstanceOf(PrefetchedBatches)
    await feed.close()
  })

  test.each(['src-core/engine/data/prefetch/batch-worker.ts', 'src-core/engine/data/import/import-folder.ts'])(
    'of %s loads no TensorFlow',
    (file) => {
      const address = JSON.stringify(pathToFileURL(resolve(file)).href)
      const code = `await import(${address})
        const { default: modules } = await import('node:module')
        console.log(Object.keys(modules._cache).filter((name) => name.includes('tfjs')).length)`
      expect(execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })).toBe('0\n')
    },
  )
})
