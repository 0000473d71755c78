import type { RunSpec } from '../../domain/spec/run-spec.ts'
import { median } from '../../domain/statistics/median.ts'
import { probeSteps, type Probe } from '../../domain/preflight/probe.ts'
import type { Phase } from '../../domain/workload.ts'
import { describeEnvironment } from '../environment.ts'
import type { BatchSource } from '../training/batch-source.ts'
import { evaluate } from '../training/evaluation/evaluate.ts'
import { explainTrainingError } from '../training/explain-error.ts'
import { prepareRun, type PreparedRun } from '../training/prepare-run.ts'
import type { TrainingReporter } from '../training/reporter.ts'
import type { Batch } from '../training/step.ts'
import { beginning, TrainingRun } from '../training/training-run.ts'
import type { StartSource } from '../transfer/load-start-weights.ts'
import { peakMemory } from './peak-memory.ts'

export interface ProbeOptions {
  readonly spec: RunSpec
  /** Folder of an imported data set; null for one that comes with Ablate. */
  readonly datasetDirectory: string | null
  /** Where the first weights lie when the spec's transfer names a source. */
  readonly startFrom: StartSource | null
  readonly reporter: Pick<TrainingReporter, 'preparing'>
  /** Milliseconds on a clock that only goes forward. */
  readonly now?: () => number
}

type Clock = () => number

/**
 * Takes the first steps of every phase of a run, and evaluates two batches, to tell what the whole run will cost.
 * Model, optimizer, batches and steps are those of the run itself; nothing is written.
 * @throws WorkbenchError from the data set, the spec and the source of the first weights; `out-of-memory`.
 */
export async function probeRun({ spec, now = () => performance.now(), ...options }: ProbeOptions): Promise<Probe> {
  try {
    const before = now()
    const prepared = await prepareRun({ spec, resumeFrom: null, now, profile: false, ...options })
    try {
      const preparationTime = now() - before
      const stepTimes: number[] = []
      for (const phase of prepared.batches.workload.phases) {
        stepTimes.push(await timeSteps(spec, prepared, phase, now))
      }
      const evaluationTime = await timeEvaluation(prepared, now)
      const { device, threads } = describeEnvironment()
      return { stepTimes, evaluationTime, preparationTime, peakMemory: peakMemory(), device, threads }
    } finally {
      await prepared.dispose()
    }
  } catch (error) {
    throw explainTrainingError(error, spec)
  }
}

/** Median milliseconds of the steps after the first, which sets up memory and kernels; of a single step, its own. */
async function timeSteps(
  spec: RunSpec,
  { model, batches, profiler }: PreparedRun,
  phase: Phase,
  now: Clock,
): Promise<number> {
  const resumed = { ...beginning, step: phase.firstStep }
  const run = new TrainingRun({ spec, batches, model, profiler, resumed, now })
  try {
    const times: number[] = []
    while (times.length < Math.min(1 + probeSteps, phase.steps)) {
      const before = now()
      await run.nextStep()
      times.push(now() - before)
    }
    return median(times.length > 1 ? times.slice(1) : times)
  } finally {
    run.dispose()
  }
}

/** Milliseconds per image of an evaluation's second batch, or of its only one. */
async function timeEvaluation({ model, batches }: PreparedRun, now: Clock): Promise<number> {
  let time = 0
  for (const batch of firstBatches(batches)) {
    const images = batch.labels.size
    const before = now()
    await evaluate(model, [batch], async () => false)
    time = (now() - before) / images
  }
  return time
}

function* firstBatches(batches: BatchSource): Generator<Batch> {
  const source = batches.split.validation.length > 0 ? batches.validationBatches() : batches.testBatches()
  for (let taken = 0; taken < 2; taken++) {
    const { value, done } = source.next()
    if (done) return
    yield value
  }
}
