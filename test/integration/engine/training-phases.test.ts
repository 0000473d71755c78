import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { artifactSchema } from '../../../src-core/domain/evaluation/artifact.ts'
import { metricNames } from '../../../src-core/domain/metrics.ts'
import { tf } from '../../../src-core/engine/backend.ts'
import { checkpointName, readCheckpoint } from '../../../src-core/engine/checkpoints/checkpoint.ts'
import { testDirectory, tinySpec, trainRecorded } from './small-runs.ts'

/** The weights of a checkpoint as plain numbers. */
async function weightsAt(directory: string, step: number): Promise<Record<string, number[]>> {
  const tensors = (await readCheckpoint(join(directory, checkpointName(step)))).readWeights()
  const values = Object.fromEntries([...tensors].map(([name, tensor]) => [name, [...tensor.dataSync()]]))
  tf.dispose([...tensors.values()])
  return values
}

describe('early stopping', () => {
  test('ends the run as finished, with a test evaluation and a note', async () => {
    const spec = tinySpec()
    spec.training.epochs = 5
    spec.training.earlyStopping = { patience: 1, metric: 'validation/loss', minimumChange: 100 }
    const directory = testDirectory()
    const { result, records, checkpoints } = await trainRecorded(spec, { directory })
    const note = 'Stopped early: validation/loss did not improve in the last evaluation.'
    expect(result).toMatchObject({ outcome: 'finished', step: 14, note })
    expect(records.map(({ metrics }) => metricNames.testLoss in metrics)).toEqual(
      records.map(({ step }) => step === 14),
    )
    expect(checkpoints.at(-1)).toMatchObject({ step: 14, reason: 'finished' })
    const resumeFrom = join(directory, checkpointName(14))
    const resumed = await trainRecorded(spec, { directory, resumeFrom })
    expect([resumed.result, resumed.records]).toEqual([result, []])
  })

  test('is decided anew when a pause interrupts its test evaluation', async () => {
    const spec = tinySpec()
    spec.training.epochs = 5
    spec.training.earlyStopping = { patience: 1, metric: 'validation/loss', minimumChange: 100 }
    const directory = testDirectory()
    let asked = 0
    // Fourteen times before a step, twice after a validation batch; the seventeenth time is in the test.
    const control = { requested: () => (++asked > 16 ? ('pause' as const) : null) }
    const paused = await trainRecorded(spec, { directory, control })
    expect([paused.result.outcome, paused.result.step, paused.records.length]).toEqual(['paused', 14, 13])
    const resumed = await trainRecorded(spec, { directory, resumeFrom: join(directory, checkpointName(14)) })
    expect(resumed.result).toMatchObject({ outcome: 'finished', step: 14 })
    expect(resumed.records.map(({ step }) => step)).toEqual([14])
    expect(metricNames.testLoss in resumed.records[0]!.metrics).toBe(true)
  })
})

test.each(['validation/loss', 'validation/top5-error', 'validation/accuracy'] as const)(
  'the best result is the best %s',
  async (selection) => {
    const spec = tinySpec()
    spec.training.epochs = 3
    spec.training.selection = selection
    const { records, checkpoints } = await trainRecorded(spec, { directory: testDirectory() })
    const values = [7, 14, 21].map((step) => records[step - 1]!.metrics[selection]!)
    const best = selection === 'validation/accuracy' ? Math.max(...values) : Math.min(...values)
    const step = 7 * (values.indexOf(best) + 1)
    expect(checkpoints.at(-1)!.best).toMatchObject({ metric: selection, value: best, step })
  },
)

test('evaluations report errors and a confusion matrix after the record of their step', async () => {
  const spec = tinySpec()
  spec.training.epochs = 1
  const { records, reported, artifacts } = await trainRecorded(spec, { directory: testDirectory() })
  const { metrics } = records.at(-1)!
  expect(metrics['validation/top1-error']).toBeCloseTo(1 - metrics['validation/accuracy']!)
  expect(metrics['test/top5-error']).toBeLessThanOrEqual(metrics['test/top1-error']!)
  expect(reported.indexOf(artifacts[0]!)).toBe(reported.indexOf(records.at(-1)!) + 1)
  expect(artifacts.map((artifact) => artifactSchema.parse(artifact))).toMatchObject([
    { kind: 'confusion', step: 7, part: 'validation', confusion: { classes: 10 } },
    { kind: 'confusion', step: 7, part: 'test', confusion: { classes: 10 } },
  ])
  const counts = artifacts.map((artifact) => (artifact.kind === 'confusion' ? artifact.confusion.counts : []))
  expect(counts.map((cells) => cells.reduce((sum, count) => sum + count))).toEqual([8, 16])
  const right = counts[1]!.filter((_, cell) => cell % 11 === 0).reduce((sum, count) => sum + count)
  expect(right / 16).toBeCloseTo(metrics['test/accuracy']!)
})

test('the rate of the schedule is used and logged, and the gradient norm where it is clipped', async () => {
  const spec = tinySpec()
  Object.assign(spec.training, { steps: 4, learningRate: 0.01, gradientClipNorm: 0.1 })
  spec.training.schedule = { ...spec.training.schedule, kind: 'cosine', warmupEpochs: 2 / 7 }
  const { records } = await trainRecorded(spec, { directory: testDirectory() })
  const rates = records.map(({ metrics }) => metrics[metricNames.learningRate]!)
  ;[0.005, 0.01, 0.01, 0.005].forEach((expected, i) => expect(rates[i]).toBeCloseTo(expected))
  for (const { metrics } of records) expect(metrics[metricNames.gradientNorm]).toBeGreaterThan(0.1)
  spec.training.gradientClipNorm = null
  const unclipped = await trainRecorded(spec, { directory: testDirectory() })
  expect(metricNames.gradientNorm in unclipped.records[0]!.metrics).toBe(false)
  expect(unclipped.records[1]!.metrics[metricNames.trainLoss]).not.toBe(records[1]!.metrics[metricNames.trainLoss])
})

test.each(['momentum', 'adam'] as const)(
  'weights that are updated before all gradients are there are the same to the bit: %s',
  async (optimizer) => {
    const digest = async (gradientClipNorm: number | null): Promise<string> => {
      const spec = tinySpec()
      // A norm that no gradient reaches: all gradients are waited for, and none is changed.
      Object.assign(spec.training, { steps: 4, optimizer, gradientClipNorm })
      return (await trainRecorded(spec, { directory: testDirectory() })).result.weightsSha256
    }
    expect(await digest(null)).toBe(await digest(1e9))
  },
)

describe('a run that starts from another', () => {
  async function source() {
    const directory = testDirectory()
    const spec = tinySpec()
    spec.training.epochs = 1
    await trainRecorded(spec, { directory })
    return directory
  }

  test('keeps frozen layers as they were until they are released', async () => {
    const from = await source()
    const spec = tinySpec()
    const frozen = ['conv1', 'conv2']
    spec.training.transfer = { from: 'run:source', replaceHead: true, frozen, unfreezeEvery: 1, layerFactor: 1 }
    const directory = testDirectory()
    const startFrom = { kind: 'checkpoint' as const, directory: join(from, checkpointName(7)) }
    await trainRecorded(spec, { directory, startFrom })
    const [before, middle, end] = await Promise.all([
      weightsAt(from, 7),
      weightsAt(directory, 7),
      weightsAt(directory, 14),
    ])
    const changed = (a: typeof before, b: typeof before): string[] =>
      Object.keys(a).filter((name) => /^(conv|bn)[12]\//.test(name) && String(a[name]) !== String(b[name]))
    expect(changed(before, middle)).toEqual([])
    // conv2 is released after the first epoch, with its moving statistics; conv1 stays.
    expect(changed(middle, end).sort()).toEqual(
      ['bias', 'kernel']
        .map((name) => `conv2/${name}`)
        .concat(Object.keys(end).filter((name) => name.startsWith('bn2')))
        .sort(),
    )
    expect(before['conv3/kernel']).not.toEqual(middle['conv3/kernel'])
  })

  test('needs to be told where that lies', async () => {
    const spec = tinySpec()
    spec.training.transfer.from = 'run:gone'
    await expect(trainRecorded(spec, { directory: testDirectory() })).rejects.toMatchObject({
      code: 'checkpoint-missing',
      message: expect.stringContaining('run:gone'),
    })
  })

  test('may freeze every layer and then only evaluates', async () => {
    const from = await source()
    const spec = tinySpec('bn')
    spec.training.epochs = 1
    const frozen = Object.keys(await weightsAt(from, 7)).flatMap(
      (name) => /^((conv|fc)\d)\/kernel/.exec(name)?.[1] ?? [],
    )
    spec.training.transfer = { from: 'run:source', replaceHead: false, frozen, unfreezeEvery: null, layerFactor: 1 }
    const directory = testDirectory()
    const startFrom = { kind: 'checkpoint' as const, directory: join(from, checkpointName(7)) }
    const { result } = await trainRecorded(spec, { directory, startFrom })
    expect(result.outcome).toBe('finished')
    expect(await weightsAt(directory, 7)).toEqual(await weightsAt(from, 7))
  })
})

test('pre-training and training leave no tensor over', async () => {
  const spec = tinySpec('none')
  spec.model.removed = [2, 3, 4, 5]
  Object.assign(spec.training, { epochs: 1, pretraining: { kind: 'autoencoder', epochs: 2, learningRate: 1e-3 } })
  const before = tf.memory().numTensors
  const counts: number[] = []
  const { result } = await trainRecorded(spec, {
    directory: testDirectory(),
    onRecord: () => counts.push(tf.memory().numTensors),
  })
  expect([result.outcome, result.step]).toEqual(['finished', 21])
  expect(new Set(counts.slice(0, 14)).size).toBe(1)
  expect(new Set(counts.slice(14)).size).toBe(1)
  expect(tf.memory().numTensors).toBe(before)
})

test('ten crops of an image count as one image', async () => {
  const spec = tinySpec()
  spec.training.epochs = 1
  spec.data.tenCrop = true
  spec.data.resize = spec.model.input.size + 8
  const { records, artifacts } = await trainRecorded(spec, { directory: testDirectory() })
  const images = artifacts.map((artifact) =>
    artifact.kind === 'confusion' ? artifact.confusion.counts.reduce((sum, count) => sum + count) : 0,
  )
  expect(images).toEqual([8, 16])
  expect(records.at(-1)!.metrics[metricNames.testLoss]).toBeGreaterThan(0)
})

test('pre-training that diverges ends the run at that step', async () => {
  const spec = tinySpec('none')
  spec.training.pretraining = { kind: 'autoencoder', epochs: 1, learningRate: 1e39 }
  const directory = testDirectory()
  const { result, records, artifacts, checkpoints } = await trainRecorded(spec, { directory })
  expect(result).toMatchObject({ outcome: 'diverged', step: 1, note: expect.stringContaining('step 1') })
  expect(records).toHaveLength(1)
  expect(artifacts).toMatchObject([{ kind: 'diverged-batch', step: 1, what: expect.stringMatching(/^conv1/) }])
  expect(checkpoints).toEqual([])
})
