import { readdirSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { datasetFiles } from '../../../src-core/domain/datasets/stored-dataset.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { batchBytes, directFeed } from '../../../src-core/engine/data/prefetch/batch-feed.ts'
import { threadName } from '../../../src-core/engine/data/prefetch/prefetched-batches.ts'
import { openPackedDataset } from '../../../src-core/engine/data/packed-dataset.ts'
import { BatchSource } from '../../../src-core/engine/training/batch-source.ts'
import { buildModel } from '../../../src-core/engine/models/build-model.ts'
import { weightsSha256 } from '../../../src-core/engine/checkpoints/digest.ts'
import { RunProfiler } from '../../../src-core/engine/profile/run-profiler.ts'
import { TrainingRun } from '../../../src-core/engine/training/training-run.ts'
import { madeUpDataset } from '../../unit/engine/augment-datasets.ts'
import { writePacked } from '../../support/stored-datasets.ts'
import { requestAfter, testDirectory, tinySpec, trainRecorded } from './small-runs.ts'

/** Colour pictures large enough that a thread makes the batches: 5 steps of 8 images per epoch. */
function largeSpec(): RunSpec {
  const spec = tinySpec('none')
  return {
    ...spec,
    model: { ...spec.model, input: { size: 112, channels: 3 } },
    data: {
      ...spec.data,
      dataset: 'made-up',
      trainImages: null,
      testImages: 8,
      resize: 120,
      augmentation: { ...spec.data.augmentation, randomCrop: true, flip: true },
    },
    training: { ...spec.training, epochs: 2 },
  }
}

function batchThreads(): number {
  const names = readdirSync('/proc/self/task').map((id) => {
    try {
      return readFileSync(`/proc/self/task/${id}/comm`, 'utf8').trim()
    } catch {
      return ''
    }
  })
  return names.filter((name) => name === threadName).length
}

describe('a run whose batches a thread makes', () => {
  let datasetDirectory = ''
  beforeEach(() => {
    datasetDirectory = writePacked(testDirectory(), 'made-up', madeUpDataset(120, 3))
  })

  test('has the weights of one that makes its batches itself, and leaves no thread', async () => {
    const spec = largeSpec()
    const dataset = await openPackedDataset(datasetDirectory)
    expect(batchBytes(spec, dataset)).toBeGreaterThan(2 ** 20)
    let threads = 0
    const onRecord = (): void => void (threads = Math.max(threads, batchThreads()))
    const { result } = await trainRecorded(spec, { directory: testDirectory(), datasetDirectory, onRecord })
    expect([result.outcome, threads, batchThreads()]).toEqual(['finished', 1, 0])

    const model = buildModel(spec.model, spec.training.seed)
    const batches = new BatchSource(spec, dataset, directFeed(spec, dataset))
    const now = (): number => 0
    const profiler = new RunProfiler({ clock: model.clock, workload: batches.workload, now, enabled: false })
    const run = new TrainingRun({ spec, batches, model, profiler, resumed: null, now })
    while (!run.isComplete()) await run.completeStep(await run.nextStep(), async () => false)
    expect(weightsSha256(model.weights)).toBe(result.weightsSha256)
    run.dispose()
    model.dispose()
    dataset.close()
  })

  test('goes on after a pause as if there had been none', async () => {
    const spec = largeSpec()
    const directory = testDirectory()
    const paused = await trainRecorded(spec, { directory, datasetDirectory, ...requestAfter(3) })
    expect([paused.result.outcome, batchThreads()]).toEqual(['paused', 0])
    const resumeFrom = join(directory, paused.checkpoints.at(-1)!.directory)
    const resumed = await trainRecorded(spec, { directory, datasetDirectory, resumeFrom })
    const unbroken = await trainRecorded(spec, { directory: testDirectory(), datasetDirectory })
    expect(resumed.result.weightsSha256).toBe(unbroken.result.weightsSha256)
  })

  test('fails with the reason when its data set is damaged meanwhile, and leaves no thread', async () => {
    const onRecord = (): void => truncateSync(join(datasetDirectory, datasetFiles.train.images), 1000)
    const training = trainRecorded(largeSpec(), { directory: testDirectory(), datasetDirectory, onRecord })
    await expect(training).rejects.toMatchObject({ code: 'dataset-damaged' })
    expect(batchThreads()).toBe(0)
  })

  test('that cannot begin leaves no thread', async () => {
    const resumeFrom = join(testDirectory(), 'nowhere')
    const training = trainRecorded(largeSpec(), { directory: testDirectory(), datasetDirectory, resumeFrom })
    await expect(training).rejects.toMatchObject({ code: 'checkpoint-missing' })
    expect(batchThreads()).toBe(0)
  })
})
