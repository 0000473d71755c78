import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { artifactSchema, type Artifact } from '../../../src-core/domain/evaluation/artifact.ts'
import { metricNames, stepRecordSchema } from '../../../src-core/domain/metrics.ts'
import { checkpointInfoSchema } from '../../../src-core/domain/checkpoint.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import { tf } from '../../../src-core/engine/backend.ts'
import { firstNotFinite } from '../../../src-core/engine/training/finite-weights.ts'
import { loadTrainedModel } from '../../../src-core/engine/checkpoints/restore.ts'
import { requestAfter, testDirectory, tinySpec, trainRecorded } from './small-runs.ts'

describe('train', () => {
  test('reports every step once, evaluates each epoch and tests at the end', async () => {
    const directory = testDirectory()
    const { result, records, checkpoints, started } = await trainRecorded(tinySpec(), { directory })
    expect(result).toMatchObject({ outcome: 'finished', step: 14 })
    expect(started).toMatchObject({ stepsPerEpoch: 7, totalSteps: 14, step: 0, epoch: 0, best: null })
    expect(records.map(({ step }) => step)).toEqual(Array.from({ length: 14 }, (_, i) => i + 1))
    for (const record of records) {
      stepRecordSchema.parse(record)
      expect(record.epoch).toBeCloseTo(record.step / 7)
      expect(metricNames.validationLoss in record.metrics).toBe(record.step % 7 === 0)
      expect(metricNames.testLoss in record.metrics).toBe(record.step === 14)
    }
    expect(checkpoints.map(({ step, reason }) => [step, reason])).toEqual([
      [7, 'epoch'],
      [14, 'finished'],
    ])
    for (const info of checkpoints) checkpointInfoSchema.parse(info)
    expect(checkpoints[1]!.best!.metric).toBe(metricNames.validationAccuracy)
    expect(readdirSync(directory).sort()).toEqual(checkpoints.map((info) => info.directory))
  })

  test("its digest is the SHA-256 of the last checkpoint's weights", async () => {
    const directory = testDirectory()
    const { result, checkpoints } = await trainRecorded(tinySpec('none'), { directory })
    const weights = readFileSync(join(directory, checkpoints.at(-1)!.directory, 'weights.bin'))
    expect(createHash('sha256').update(weights).digest('hex')).toBe(result.weightsSha256)
  })

  test.each(['bn', 'lrn', 'none'] as const)('keeps the number of tensors flat with %s', async (kind) => {
    const before = tf.memory().numTensors
    const counts = new Set<number>()
    const directory = testDirectory()
    await trainRecorded(tinySpec(kind), { directory, onRecord: () => counts.add(tf.memory().numTensors) })
    expect(counts.size).toBe(1)
    expect(tf.memory().numTensors).toBe(before)
  })

  test('pauses durably and goes on where it left off', async () => {
    const directory = testDirectory()
    const paused = await trainRecorded(tinySpec(), { directory, ...requestAfter(3) })
    expect(paused.result).toMatchObject({ outcome: 'paused', step: 3 })
    expect(paused.checkpoints.at(-1)).toMatchObject({ step: 3, reason: 'pause' })
    const resumeFrom = join(directory, paused.checkpoints.at(-1)!.directory)
    const resumed = await trainRecorded(tinySpec(), { directory, resumeFrom })
    expect(resumed.started).toMatchObject({ step: 3, totalSteps: 14 })
    expect(resumed.started.activeTime).toBeGreaterThanOrEqual(paused.checkpoints.at(-1)!.activeTime)
    expect(resumed.records[0]!.step).toBe(4)
    const straight = await trainRecorded(tinySpec(), { directory: testDirectory() })
    expect(resumed.result.weightsSha256).toBe(straight.result.weightsSha256)
  })

  test('stops with a checkpoint', async () => {
    const directory = testDirectory()
    const { result, checkpoints } = await trainRecorded(tinySpec(), { directory, ...requestAfter(2, 'stop') })
    expect(result).toMatchObject({ outcome: 'stopped', step: 2 })
    expect(checkpoints.at(-1)).toMatchObject({ step: 2, reason: 'stop' })
  })

  test('hears a pause before the first step and writes nothing', async () => {
    const directory = testDirectory()
    const control = { requested: () => 'pause' as const }
    const { result, checkpoints, records } = await trainRecorded(tinySpec(), { directory, control })
    expect(result).toMatchObject({ outcome: 'paused', step: 0 })
    expect([checkpoints, records]).toEqual([[], []])
  })

  test('gives up an evaluation for a pause and redoes it after resuming, with one record for the step', async () => {
    const directory = testDirectory()
    let asked = 0
    // Asked once before each of the seven steps; the eighth time is in the evaluation.
    const control = { requested: () => (++asked > 7 ? ('pause' as const) : null) }
    const paused = await trainRecorded(tinySpec(), { directory, control })
    expect(paused.result).toMatchObject({ outcome: 'paused', step: 7 })
    expect(paused.records.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6])
    expect(paused.checkpoints.at(-1)!.best).toBeNull()
    const resumeFrom = join(directory, 'step-000000007')
    const resumed = await trainRecorded(tinySpec(), { directory, resumeFrom })
    expect(resumed.records.map(({ step }) => step)).toEqual([7, 8, 9, 10, 11, 12, 13, 14])
    const straight = await trainRecorded(tinySpec(), { directory: testDirectory() })
    const results = (records: typeof straight.records): unknown[] =>
      records.map(({ metrics }) => [metrics['train/loss'], metrics['validation/loss'], metrics['test/accuracy']])
    expect(results([...paused.records, ...resumed.records])).toEqual(results(straight.records))
    expect(resumed.result.weightsSha256).toBe(straight.result.weightsSha256)
  })

  test('knows no best result of a step whose record an interrupted test kept back', async () => {
    const spec = tinySpec()
    spec.training.epochs = 1
    let asked = 0
    // Seven times before a step, then after the one validation batch; the ninth time is in the test.
    const control = { requested: () => (++asked > 8 ? ('pause' as const) : null) }
    const { result, records, checkpoints } = await trainRecorded(spec, { directory: testDirectory(), control })
    expect(result).toMatchObject({ outcome: 'paused', step: 7 })
    expect(records.at(-1)!.step).toBe(6)
    expect(checkpoints.at(-1)).toMatchObject({ step: 7, best: null })
  })

  test('writes a checkpoint after five minutes of training', async () => {
    let time = 0
    const { checkpoints } = await trainRecorded(tinySpec(), {
      directory: testDirectory(),
      now: () => time,
      onRecord: () => (time += 70_000),
    })
    expect(checkpoints.map(({ step, reason }) => [step, reason])).toEqual([
      [5, 'interval'],
      [7, 'epoch'],
      [12, 'interval'],
      [14, 'finished'],
    ])
  })

  test('ends as diverged with the broken loss on record and keeps the last good checkpoint', async () => {
    const spec = tinySpec('none')
    // Two steps to the epoch, of which the second explodes but is still finite.
    spec.training.batchSize = 28
    spec.training.learningRate = 5
    const directory = testDirectory()
    const { result, records, checkpoints, reported } = await trainRecorded(spec, { directory })
    expect(result.outcome).toBe('diverged')
    expect(records.at(-1)!.step).toBe(result.step)
    expect(Number.isFinite(records.at(-1)!.metrics['train/loss'])).toBe(false)
    expect(checkpoints).toMatchObject([{ step: 2, reason: 'epoch' }])
    expect(reported.at(-2)).toBe(records.at(-1))
    const artifact = reported.at(-1) as Extract<Artifact, { kind: 'diverged-batch' }>
    expect(artifactSchema.parse(artifact)).toMatchObject({ kind: 'diverged-batch', what: 'loss', learningRate: 5 })
    expect([artifact.step, artifact.images.length, artifact.labels.length]).toEqual([result.step, 28, 28])
    expect(result.note).toContain(`the loss of step ${result.step} is not a finite number`)
    expect(readdirSync(directory)).toEqual(['step-000000002'])
    const { model, step } = await loadTrainedModel(spec, join(directory, 'step-000000002'))
    expect([step, firstNotFinite(model.weights)]).toEqual([2, null])
    model.dispose()
  })

  test('ends as diverged at the very step that breaks a weight, before a checkpoint could keep it', async () => {
    const spec = tinySpec('none')
    spec.training.steps = 1
    spec.training.learningRate = 1e39
    const directory = testDirectory()
    const { result, records, checkpoints, artifacts } = await trainRecorded(spec, { directory })
    expect(result).toMatchObject({ outcome: 'diverged', step: 1, note: expect.stringContaining('conv1/bias') })
    expect(Number.isFinite(records[0]!.metrics[metricNames.trainLoss])).toBe(true)
    expect(artifacts).toMatchObject([{ kind: 'diverged-batch', step: 1, what: 'conv1/bias' }])
    expect([checkpoints, readdirSync(directory)]).toEqual([[], []])
  })

  test('ends as diverged when what it evaluates is no longer finite, though its weights are', async () => {
    const spec = tinySpec('none')
    spec.training.batchSize = 28
    spec.training.learningRate = 1
    spec.training.epochs = 4
    const { result, records, checkpoints, artifacts } = await trainRecorded(spec, { directory: testDirectory() })
    const last = records.at(-1)!
    expect(Number.isFinite(last.metrics[metricNames.trainLoss])).toBe(true)
    expect(Number.isFinite(last.metrics[metricNames.validationLoss])).toBe(false)
    expect(result).toMatchObject({ outcome: 'diverged', step: last.step })
    expect(result.note).toContain(`the loss on the validation images after step ${last.step} is not a finite number`)
    expect(artifacts.at(-1)).toMatchObject({ kind: 'diverged-batch', what: 'validation/loss', images: [] })
    expect(checkpoints.every(({ step }) => step < last.step)).toBe(true)
  })

  test('does not report a step before its checkpoint is recorded', async () => {
    let recorded = 0
    const { records } = await trainRecorded(tinySpec(), {
      directory: testDirectory(),
      onCheckpoint: () => new Promise((resolve) => setTimeout(() => resolve(void recorded++), 50)),
      onRecord: ({ step }) => void (step === 8 && expect(recorded).toBe(1)),
    })
    expect(records).toHaveLength(14)
  })

  test('says which sizes do not fit when a batch is larger than the training set', async () => {
    const spec = tinySpec()
    spec.training.batchSize = 57
    await expect(trainRecorded(spec, { directory: testDirectory() })).rejects.toMatchObject({
      code: 'batch-too-large',
      details: { batchSize: 57, trainingImages: 56 },
    })
  })

  test('refuses a network with fewer classes than the data set', async () => {
    const spec = tinySpec()
    spec.model.classes = 5
    await expect(trainRecorded(spec, { directory: testDirectory() })).rejects.toMatchObject({ code: 'invalid-value' })
  })

  test('refuses a checkpoint of another spec', async () => {
    const directory = testDirectory()
    await trainRecorded(tinySpec(), { directory, ...requestAfter(1) })
    const other = tinySpec()
    other.training.learningRate = 0.02
    const resumeFrom = join(directory, 'step-000000001')
    await expect(trainRecorded(other, { directory, resumeFrom })).rejects.toMatchObject({ code: 'checkpoint-damaged' })
  })

  test('fails when a checkpoint cannot be written, and leaves nothing behind', async () => {
    const parent = testDirectory()
    const directory = join(parent, 'checkpoints')
    writeFileSync(directory, 'in the way')
    await expect(trainRecorded(tinySpec(), { directory })).rejects.toMatchObject({ code: 'ENOTDIR' })
    expect(readdirSync(parent)).toEqual(['checkpoints'])
  })

  test('replaces what a crash left at the same step', async () => {
    const directory = testDirectory()
    mkdirSync(join(directory, 'step-000000007.tmp'))
    mkdirSync(join(directory, 'step-000000007'))
    writeFileSync(join(directory, 'step-000000007', 'weights.bin'), 'half')
    await trainRecorded(tinySpec(), { directory })
    expect(readdirSync(directory).sort()).toEqual(['step-000000007', 'step-000000014'])
    expect(existsSync(join(directory, 'step-000000007', 'manifest.json'))).toBe(true)
  })
})

test('alexnet-small learns MNIST', async () => {
  const spec = recipeSpec('alexnet-small')
  spec.data = { ...spec.data, trainImages: 6400, testImages: 500, validationFraction: 0.05 }
  spec.training.steps = 90
  const { records } = await trainRecorded(spec, { directory: testDirectory() })
  expect(records.at(-1)!.metrics[metricNames.validationAccuracy]).toBeGreaterThan(0.9)
}, 240_000)
