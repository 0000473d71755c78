import { planArchitecture } from '../../../src-core/domain/network/architecture.ts'
import type { Environment } from '../../../src-core/domain/environment.ts'
import { higherIsBetter, metricNames, type MetricSummary, type StepRecord } from '../../../src-core/domain/metrics.ts'
import type { Run } from '../../../src-core/domain/run.ts'
import type { RunState } from '../../../src-core/domain/run-status.ts'
import { applyAssignment } from '../../../src-core/domain/spec/paths.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { samples, type Sample } from './sample-list.ts'
import { sampleArtifacts, type SampleArtifact } from './sample-artifacts.ts'
import { sampleRecords, sampleWorkload, stepsUntilNaN } from './sample-records.ts'

/** A run with its whole future: the fake shows as much of the records and artifacts as the run has done. */
export interface SampleRun {
  run: Run
  readonly records: readonly StepRecord[]
  readonly artifacts: readonly SampleArtifact[]
}

/** Artifacts of a run are numbered from here on, so that those of two runs never meet. */
const idsPerRun = 10_000

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
  const run = newRun(`r${String(index).padStart(10, '0')}`, sample.name, spec, index % 8, createdAt)
  const { records, artifacts } = futureOf(run, index, createdAt + 2_000, sample.divergesAt)
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
    artifacts,
    run: {
      ...done,
      ...started,
      ...failed,
      state: sample.state,
      checkpointStep: newestCheckpoint(done.step, sample.state),
      deletedAt: sample.deleted ? now - 86_400_000 : null,
      weightsSha256: sample.state === 'finished' ? 'f3b1'.repeat(16) : null,
    },
  }
}

/** Every 50 steps, and where a run came to rest by itself or was asked to. */
function newestCheckpoint(step: number, state: RunState): number | null {
  if (step === 0) return null
  return ['finished', 'paused', 'stopped'].includes(state) ? step : step - (step % 50)
}

/** What a run will log and leave when it is trained to its end. */
export function futureOf(
  run: Run,
  index: number,
  startedAt: number,
  divergesAt = Infinity,
): Pick<SampleRun, 'records' | 'artifacts'> {
  const records = sampleRecords(run.spec, startedAt, divergesAt)
  const artifacts = sampleArtifacts({ run, records }, index * idsPerRun + 1, divergesAt + stepsUntilNaN + 1)
  return { records, artifacts }
}

export function newRun(id: string, name: string, spec: RunSpec, color: number, createdAt: number): Run {
  const { stepsPerEpoch, totalSteps } = sampleWorkload(spec)
  return {
    id,
    name,
    spec,
    state: 'paused',
    metrics: {},
    tags: [],
    notes: '',
    specHash: '9c1d'.repeat(16),
    color,
    parameters: planArchitecture(spec.model).params,
    step: 0,
    totalSteps,
    stepsPerEpoch,
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
function summed(before: MetricSummary | undefined, { step, epoch }: StepRecord, last: number): MetricSummary {
  const empty = { min: null, minStep: null, minEpoch: null, max: null, maxStep: null, maxEpoch: null }
  const summary = { ...(before ?? empty), points: (before?.points ?? 0) + 1, last, lastStep: step, lastEpoch: epoch }
  if (!Number.isFinite(last)) return summary
  const lowest = summary.min === null || last < summary.min ? { min: last, minStep: step, minEpoch: epoch } : {}
  const highest = summary.max === null || last > summary.max ? { max: last, maxStep: step, maxEpoch: epoch } : {}
  return { ...summary, ...lowest, ...highest }
}

export function advance({ run, records }: Pick<SampleRun, 'run' | 'records'>, step: number): Run {
  const metric = run.spec.training.selection
  const direction = higherIsBetter(metric) ? 1 : -1
  const last: Record<string, number> = {}
  const metrics: Record<string, MetricSummary> = {}
  let best = run.best
  for (const record of records.slice(0, step)) {
    Object.assign(last, record.metrics)
    for (const [name, value] of Object.entries(record.metrics)) metrics[name] = summed(metrics[name], record, value)
    const value = record.metrics[metric]
    if (value !== undefined && direction * value > direction * (best?.value ?? -direction * Infinity)) {
      best = { metric, value, step: record.step, epoch: record.epoch }
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
    metrics,
    best,
    imagesPerSecond: rate,
  }
}
