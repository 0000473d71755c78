import { planArchitecture } from '../../../src-core/domain/architecture.ts'
import type { Environment } from '../../../src-core/domain/environment.ts'
import { metricNames, type StepRecord } from '../../../src-core/domain/metrics.ts'
import { uniformGenerator } from '../../../src-core/domain/random.ts'
import type { Run } from '../../../src-core/domain/run.ts'
import type { RunState } from '../../../src-core/domain/run-status.ts'
import { applyAssignment } from '../../../src-core/domain/spec/paths.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'

/** A run with its whole future: the fake shows as much of the records as the run has done. */
export interface SampleRun {
  run: Run
  records: StepRecord[]
}

export const sampleEnvironment: Environment = {
  ablate: '0.1.0',
  tensorflow: '2.15.0',
  tfjs: '4.22.0',
  runtime: 'Electron 45.4.1',
  device: 'cpu',
  deviceName: 'CPU (AVX2, FMA)',
  threads: 8,
  cpu: 'AMD Ryzen 7 7840U',
  cpuFlags: ['avx', 'avx2', 'fma', 'f16c'],
  platform: 'linux x64',
  totalMemoryMib: 31_874,
}

/** Makes the spec of the small network, or of a recipe, with some values set. */
export function sampleSpec(assignments: readonly string[], recipe = 'alexnet-small'): RunSpec {
  return assignments.reduce(applyAssignment, recipeSpec(recipe))
}

function stepsPerEpoch({ data, training }: RunSpec): number {
  const images = data.trainImages ?? 60_000
  return Math.floor((images - Math.round(images * data.validationFraction)) / training.batchSize)
}

/** How well a variant does: enough to give curves that differ for a reason, not a simulation of one. */
function quality({ model, training }: RunSpec): { pace: number; floor: number; noise: number } {
  const normalised = { none: 0.55, lrn: 0.75, bn: 1.5 }[model.normalization.kind]
  return {
    pace: normalised * (0.6 + 40 * training.learningRate),
    floor: 0.02 + 0.05 * Math.abs(model.dropout.rate - 0.4) + (model.normalization.kind === 'bn' ? 0 : 0.015),
    noise: 0.16,
  }
}

/** Records as the trainer would send them: every step, validation after each epoch, tests at the end. */
export function sampleRecords(spec: RunSpec, startedAt: number, divergesAt = Infinity): StepRecord[] {
  const perEpoch = stepsPerEpoch(spec)
  const total = spec.training.steps ?? perEpoch * spec.training.epochs
  const random = uniformGenerator(spec.training.seed * 977 + Math.round(spec.training.learningRate * 1e6))
  const { pace, floor, noise } = quality(spec)
  const rate = spec.model.widthMultiplier < 1 ? 1_450 : 38
  let activeTime = 0
  return Array.from({ length: total }, (_, index) => {
    const step = index + 1
    const expected = 2.25 * Math.exp((-pace * step) / 140) + 0.35 * Math.exp((-pace * step) / 900) + floor
    const wobble = 1 + noise * (random() + random() + random() - 1.5)
    const blowUp = step > divergesAt ? Math.exp((step - divergesAt) / 6) : 1
    const loss = step > divergesAt + 30 ? NaN : expected * wobble * blowUp
    const speed = rate * (0.94 + 0.1 * random()) * (step < 8 ? 0.4 + step * 0.07 : 1)
    activeTime += (1000 * spec.training.batchSize) / speed
    const metrics: Record<string, number> = {
      [metricNames.trainLoss]: loss,
      [metricNames.trainAccuracy]: Number.isNaN(loss)
        ? 0.1
        : Math.max(0.08, Math.min(1, 1 - loss * 0.29 * (0.8 + 0.4 * random()))),
      [metricNames.learningRate]: spec.training.learningRate,
      [metricNames.imagesPerSecond]: speed,
      [metricNames.memory]: 612 + 40 * (1 - Math.exp(-step / 60)) + 4 * random(),
    }
    if (step % perEpoch === 0 || step === total) {
      const validation = (expected + 0.02) * (0.96 + 0.08 * random()) * blowUp
      metrics[metricNames.validationLoss] = validation
      metrics[metricNames.validationAccuracy] = Math.max(0.098, 1 - validation * 0.24)
    }
    if (step === total) {
      metrics[metricNames.testLoss] = expected * 1.03
      metrics[metricNames.testAccuracy] = 1 - expected * 0.25
    }
    return { step, epoch: step / perEpoch, wallTime: startedAt + activeTime * 1.02, activeTime, metrics }
  })
}

interface Sample {
  readonly name: string
  readonly state: RunState
  readonly set: readonly string[]
  readonly recipe?: string
  /** Share of the run that is done. */
  readonly done: number
  readonly hoursAgo: number
  readonly deleted?: boolean
  readonly divergesAt?: number
}

const small = ['data.trainImages=12000', 'data.testImages=2000', 'training.epochs=10']

const samples: readonly Sample[] = [
  { name: 'Small AlexNet, BN, dropout 0.5, seed 1', state: 'finished', set: small, done: 1, hoursAgo: 26 },
  {
    name: 'Small AlexNet, LRN, dropout 0.5, seed 1',
    state: 'finished',
    set: [...small, 'model.normalization.kind=lrn'],
    done: 1,
    hoursAgo: 25.5,
  },
  {
    name: 'Small AlexNet, no normalisation, dropout 0.5, seed 1',
    state: 'finished',
    set: [...small, 'model.normalization.kind=none'],
    done: 1,
    hoursAgo: 25,
  },
  {
    name: 'Small AlexNet, BN, dropout 0, seed 1',
    state: 'finished',
    set: [...small, 'model.dropout.rate=0'],
    done: 1,
    hoursAgo: 8,
  },
  {
    name: 'Small AlexNet, LRN, lr 0.3',
    state: 'diverged',
    set: [...small, 'model.normalization.kind=lrn', 'training.learningRate=0.3'],
    done: 0.34,
    hoursAgo: 7,
    divergesAt: 540,
  },
  {
    name: 'AlexNet, BN, dropout 0.4, seed 1',
    state: 'interrupted',
    recipe: 'keras-bn',
    set: ['data.trainImages=6000', 'training.epochs=3'],
    done: 0.42,
    hoursAgo: 6,
  },
  {
    name: 'AlexNet, LRN, dropout 0.5, seed 1',
    state: 'failed',
    recipe: 'table-lrn',
    set: ['data.trainImages=6000', 'training.batchSize=512'],
    done: 0,
    hoursAgo: 5,
  },
  { name: 'Width 0.5, BN, all images', state: 'paused', set: ['model.widthMultiplier=0.5'], done: 0.31, hoursAgo: 4 },
  {
    name: 'Small AlexNet, LRN, dropout 0.4, seed 2',
    state: 'stopped',
    set: [...small, 'model.normalization.kind=lrn', 'model.dropout.rate=0.4', 'training.seed=2'],
    done: 0.63,
    hoursAgo: 3,
  },
  {
    name: 'Small AlexNet, BN, all images, seed 3',
    state: 'running',
    set: ['training.seed=3', 'training.batchSize=32'],
    done: 0.38,
    hoursAgo: 0.4,
  },
  {
    name: 'Small AlexNet, LRN, all images, seed 3',
    state: 'queued',
    set: ['training.seed=3', 'model.normalization.kind=lrn'],
    done: 0,
    hoursAgo: 0.39,
  },
  {
    name: 'Small AlexNet, no normalisation, all images, seed 3',
    state: 'queued',
    set: ['training.seed=3', 'model.normalization.kind=none'],
    done: 0,
    hoursAgo: 0.38,
  },
  {
    name: 'First try, 2 epochs',
    state: 'stopped',
    set: [...small, 'training.epochs=2'],
    done: 0.5,
    hoursAgo: 30,
    deleted: true,
  },
]

export function sampleRuns(more = 0, now = Date.now()): SampleRun[] {
  const extra = Array.from({ length: more }, (_, index) => ({
    ...samples[index % 4]!,
    name: `Sweep ${index + 1}, seed ${index + 10}`,
    set: ['data.trainImages=2000', 'training.epochs=2', `training.seed=${index + 10}`],
    hoursAgo: 40 + index / 10,
  }))
  return [...samples, ...extra].map((sample, index) => makeSample(sample, index, now))
}

function makeSample(sample: Sample, index: number, now: number): SampleRun {
  const spec = sampleSpec(sample.set, sample.recipe)
  const createdAt = now - sample.hoursAgo * 3_600_000
  const records = sampleRecords(spec, createdAt + 2_000, sample.divergesAt)
  const run = newRun(`r${String(index).padStart(10, '0')}`, sample.name, spec, index % 8, createdAt)
  const done = advance({ run, records }, Math.round(records.length * sample.done))
  const started = done.step > 0 ? { startedAt: createdAt + 2_000, environment: sampleEnvironment } : {}
  const failed =
    sample.state === 'failed'
      ? {
          error: {
            code: 'out-of-memory' as const,
            message: 'TensorFlow ran out of memory at step 1 with a batch of 512 images.',
          },
        }
      : {}
  return {
    records,
    run: {
      ...done,
      ...started,
      ...failed,
      state: sample.state,
      checkpointStep: done.step > 0 ? done.step - (done.step % 50) : null,
      deletedAt: sample.deleted ? now - 86_400_000 : null,
      weightsSha256: sample.state === 'finished' ? 'f3b1'.repeat(16) : null,
    },
  }
}

export function newRun(id: string, name: string, spec: RunSpec, color: number, createdAt: number): Run {
  const perEpoch = stepsPerEpoch(spec)
  return {
    id,
    name,
    spec,
    state: 'paused',
    specHash: '9c1d'.repeat(16),
    color,
    parameters: planArchitecture(spec.model).params,
    step: 0,
    totalSteps: spec.training.steps ?? perEpoch * spec.training.epochs,
    stepsPerEpoch: perEpoch,
    epoch: 0,
    activeTime: 0,
    imagesPerSecond: null,
    best: null,
    last: {},
    error: null,
    queuePosition: null,
    checkpointStep: null,
    environment: null,
    weightsSha256: null,
    createdAt,
    startedAt: null,
    endedAt: null,
    deletedAt: null,
  }
}

/** The run as it is once it has done the step. */
export function advance({ run, records }: SampleRun, step: number): Run {
  const last: Record<string, number> = {}
  let best = run.best
  for (const record of records.slice(0, step)) {
    Object.assign(last, record.metrics)
    const accuracy = record.metrics[metricNames.validationAccuracy]
    if (accuracy !== undefined && accuracy > (best?.value ?? 0)) {
      best = { metric: metricNames.validationAccuracy, value: accuracy, step: record.step, epoch: record.epoch }
    }
  }
  const record = records[step - 1]
  const rate = last[metricNames.imagesPerSecond] ?? null
  return {
    ...run,
    step,
    epoch: record?.epoch ?? 0,
    activeTime: record?.activeTime ?? 0,
    last,
    best,
    imagesPerSecond: rate,
  }
}
