import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { checkpointName, readCheckpoint, writeCheckpoint } from '../../../src-core/engine/checkpoints/checkpoint.ts'
import type { NamedTensor } from '../../../src-core/engine/files/tensor-file.ts'
import type { StartSource } from '../../../src-core/engine/transfer/load-start-weights.ts'
import type { ChildJob, ChildResult } from './train-child.ts'
import { requestAfter, testDirectory, tinySpec, trainRecorded } from './small-runs.ts'

const child = fileURLToPath(new URL('train-child.ts', import.meta.url))

async function trainInNewProcess(job: ChildJob): Promise<ChildResult> {
  const { stdout } = await promisify(execFile)(process.execPath, [child, JSON.stringify(job)])
  return JSON.parse(stdout)
}

/** Trains to `pauseAfter` in one process and to the end in another. */
async function trainInTwo(spec: RunSpec, pauseAfter: number, directory: string): Promise<[ChildResult, ChildResult]> {
  const job = { spec, checkpointsDirectory: directory }
  const first = await trainInNewProcess({ ...job, resumeFrom: null, pauseAfter })
  const resumeFrom = join(directory, checkpointName(pauseAfter))
  return [first, await trainInNewProcess({ ...job, resumeFrom, pauseAfter: null })]
}

/** The checkpoint with other velocities. */
async function withVelocities(
  source: string,
  target: string,
  change: (velocities: NamedTensor[]) => NamedTensor[],
): Promise<string> {
  const { state, readWeights, readSlots } = await readCheckpoint(source)
  const named = (tensors: ReturnType<typeof readWeights>): NamedTensor[] =>
    [...tensors].map(([name, tensor]) => ({ name, shape: tensor.shape, read: () => tensor.dataSync<'float32'>() }))
  const slots = change(named(readSlots()))
  const content = { spec: state.spec, progress: state.progress, weights: named(readWeights()), slots }
  const info = await writeCheckpoint(target, content, 'pause')
  return join(target, info.directory)
}

function tenSteps(kind: 'bn' | 'lrn'): RunSpec {
  const spec = tinySpec(kind)
  spec.training.steps = 10
  return spec
}

describe('a resumed run', () => {
  // Step 5 lies in the middle of the first epoch of 7 steps, step 9 in the middle of the second.
  test.each([
    ['bn', 5],
    ['lrn', 5],
    ['bn', 9],
  ] as const)('with %s ends in bit-identical weights when paused at step %i', async (kind, pauseAfter) => {
    const spec = tenSteps(kind)
    const job = { spec, resumeFrom: null, pauseAfter: null }
    const [straight, [first, second]] = await Promise.all([
      trainInNewProcess({ ...job, checkpointsDirectory: testDirectory() }),
      trainInTwo(spec, pauseAfter, testDirectory()),
    ])
    expect(first).toMatchObject({ outcome: 'paused', step: pauseAfter })
    expect(second).toMatchObject({ outcome: 'finished', step: 10 })
    expect([...first.losses, ...second.losses]).toEqual(straight.losses)
    expect(second.weightsSha256).toBe(straight.weightsSha256)
  })

  test('needs the velocities: from the weights alone it ends elsewhere', async () => {
    const spec = tenSteps('bn')
    const directory = testDirectory()
    const [, exact] = await trainInTwo(spec, 5, directory)
    const zero = (velocities: NamedTensor[]): NamedTensor[] =>
      velocities.map((velocity) => ({ ...velocity, read: () => velocity.read().fill(0) }))
    const resumeFrom = await withVelocities(join(directory, checkpointName(5)), testDirectory(), zero)
    const inexact = await trainInNewProcess({
      spec,
      checkpointsDirectory: testDirectory(),
      resumeFrom,
      pauseAfter: null,
    })
    expect(inexact).toMatchObject({ outcome: 'finished', step: 10 })
    expect(inexact.weightsSha256).not.toBe(exact.weightsSha256)
  })

  test.each([
    ['a velocity too few', (velocities: NamedTensor[]) => velocities.slice(1)],
    ['a velocity of another shape', ([first, ...others]: NamedTensor[]) => [{ ...first!, shape: [1] }, ...others]],
  ])('refuses a checkpoint with %s', async (_name, change) => {
    const spec = tenSteps('bn')
    const directory = testDirectory()
    await trainRecorded(spec, { directory, ...requestAfter(1) })
    const resumeFrom = await withVelocities(join(directory, checkpointName(1)), testDirectory(), change)
    await expect(trainRecorded(spec, { directory, resumeFrom })).rejects.toMatchObject({
      code: 'checkpoint-damaged',
      message: expect.stringContaining('it has no bn1/beta/velocity of shape'),
    })
  })
})

type Recorded = Awaited<ReturnType<typeof trainRecorded>>

/** What must not depend on a pause: everything but times, rates and memory. */
function results(recorded: readonly Recorded[]): unknown[] {
  const repeatable = ([name]: [string, number]): boolean => !name.startsWith('system/')
  return recorded.flatMap(({ records, artifacts, filters }) => [
    ...records.map(({ step, metrics }) => [step, Object.fromEntries(Object.entries(metrics).filter(repeatable))]),
    ...artifacts,
    ...filters,
  ])
}

interface Variant {
  readonly epochs?: number
  readonly change: (spec: RunSpec) => void
  /** Steps after which the run is paused. */
  readonly pauses: readonly number[]
}

const variants: Record<string, Variant> = {
  'Adam, cosine and augmentation': {
    pauses: [5],
    change({ data, training }) {
      Object.assign(data.augmentation, { translation: 3, rotation: 10, noise: 0.05 })
      training.optimizer = 'adam'
      training.learningRate = 1e-3
      training.schedule.kind = 'cosine'
    },
  },
  'a plateau schedule and early stopping': {
    epochs: 6,
    pauses: [10, 16],
    change({ training }) {
      training.learningRate = 1e-6
      Object.assign(training.schedule, { kind: 'plateau', patience: 1, reductions: 2, factor: 0.5 })
      training.earlyStopping = { patience: 3, metric: 'validation/accuracy', minimumChange: 0 }
    },
  },
  'AdamW, one cycle, clipping, smoothing and class weights': {
    pauses: [9],
    change({ training }) {
      training.optimizer = 'adamw'
      training.weightDecay.value = 0.05
      training.learningRate = 1e-3
      training.schedule.kind = 'one-cycle'
      training.gradientClipNorm = 0.5
      training.labelSmoothing = 0.1
      training.classWeights = [1, 2, 1, 1, 1, 0.5, 1, 1, 1, 3]
    },
  },
  'products in bfloat16': {
    pauses: [4],
    change({ training }) {
      training.precision = 'bfloat16'
    },
  },
  'RMSProp with momentum': {
    pauses: [3],
    change({ training }) {
      training.optimizer = 'rmsprop'
      training.learningRate = 1e-4
    },
  },
}

/** Pauses and resumes in turn, and trains to the end. */
async function trainInParts(spec: RunSpec, pauses: readonly number[], startFrom: StartSource | null = null) {
  const directory = testDirectory()
  const parts: Recorded[] = []
  let resumeFrom: string | null = null
  for (const pause of pauses) {
    parts.push(await trainRecorded(spec, { directory, startFrom, resumeFrom, ...requestAfter(pause) }))
    expect(parts.at(-1)!.result).toMatchObject({ outcome: 'paused', step: pause })
    resumeFrom = join(directory, checkpointName(pause))
  }
  return [...parts, await trainRecorded(spec, { directory, startFrom, resumeFrom })]
}

async function expectExact(spec: RunSpec, pauses: readonly number[], startFrom: StartSource | null = null) {
  const straight = await trainRecorded(spec, { directory: testDirectory(), startFrom })
  const parts = await trainInParts(spec, pauses, startFrom)
  const sorted = (items: unknown[]): string[] => items.map((item) => JSON.stringify(item)).sort()
  expect(sorted(results(parts))).toEqual(sorted(results([straight])))
  expect(parts.at(-1)!.result).toEqual(straight.result)
  return straight
}

describe('a run that was paused repeats to the bit', () => {
  test.each(Object.entries(variants))('%s', async (name, { epochs = 2, change, pauses }) => {
    const spec = tinySpec()
    spec.training.epochs = epochs
    change(spec)
    const { result, records } = await expectExact(spec, pauses)
    if (!name.startsWith('a plateau')) return
    // The accuracy never improves: reduced after the second evaluation and the third, stopped by the fourth.
    expect(result).toMatchObject({ outcome: 'finished', step: 28, note: expect.stringContaining('Stopped early') })
    const rates = [1, 8, 15, 22, 28].map((step) => records[step - 1]!.metrics['train/learning-rate']!)
    expect(rates.map((rate) => rate / 1e-6)).toEqual([1, 1, 0.5, 0.25, 0.25])
  })

  test.each([
    ['autoencoder', [3, 7, 10]],
    ['rbm', [2]],
  ] as const)('in the middle of and between two phases of pre-training (%s)', async (kind, pauses) => {
    const spec = tinySpec('none')
    spec.model.removed = [3, 4, 5]
    Object.assign(spec.training, { epochs: 1, pretraining: { kind, epochs: 1, learningRate: 1e-3 } })
    const { records, result, artifacts } = await expectExact(spec, pauses)
    expect(result).toMatchObject({ outcome: 'finished', step: 21 })
    const kinds = records.map(({ metrics }) => Object.keys(metrics).find((name) => /error$|train\/loss/.test(name)))
    const phase = (name: string): string[] => Array.from({ length: 7 }, () => name)
    expect(kinds).toEqual(['pretraining/conv1/error', 'pretraining/conv2/error', 'train/loss'].flatMap(phase))
    const [first, second] = artifacts.filter((artifact) => artifact.kind === 'reconstruction')
    expect([first, second]).toMatchObject([
      { step: 7, layer: 'conv1' },
      { step: 14, layer: 'conv2' },
    ])
    expect('validation/loss' in records[13]!.metrics).toBe(false)
  })

  test('while layers are frozen and released', async () => {
    const source = testDirectory()
    const first = tinySpec()
    first.training.epochs = 1
    await trainRecorded(first, { directory: source })
    const startFrom = { kind: 'checkpoint' as const, directory: join(source, checkpointName(7)) }
    const spec = tinySpec()
    spec.training.optimizer = 'adam'
    spec.training.learningRate = 1e-3
    const frozen = ['conv1', 'conv2']
    spec.training.transfer = { from: 'run:source', replaceHead: true, frozen, unfreezeEvery: 1, layerFactor: 0.5 }
    await expectExact(spec, [3, 10], startFrom)
  })
})
