import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CheckpointInfo } from '../../domain/checkpoint.ts'
import type { FiltersArtifact } from '../../domain/evaluation/artifact.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import { writeCheckpoint } from '../checkpoints/checkpoint.ts'
import { weightsSha256 } from '../checkpoints/digest.ts'
import type { ProfileArtifact } from '../profile/run-profiler.ts'
import { measured } from '../profile/step-profiler.ts'
import type { StartSource } from '../transfer/load-start-weights.ts'
import type { TrainingControl } from './control.ts'
import { divergenceNote } from './divergence.ts'
import { explainTrainingError } from './explain-error.ts'
import { filtersDue } from './filter-record.ts'
import { prepareRun, type PreparedRun } from './prepare-run.ts'
import type { TrainingReporter } from './reporter.ts'
import type { ReportedStep, TakenStep } from './training-run.ts'

export type { ControlRequest, TrainingControl } from './control.ts'
export type { StartInfo, TrainingReporter } from './reporter.ts'

export interface TrainOptions {
  readonly spec: RunSpec
  /** Folder of an imported data set; null for one that comes with Ablate. */
  readonly datasetDirectory?: string | null
  /** Folder of the run's checkpoints; made when it does not exist. */
  readonly checkpointsDirectory: string
  /** Directory of the checkpoint to go on from; null begins at step 0. */
  readonly resumeFrom: string | null
  /** Where the first weights lie when the spec's transfer names a source; not read when resuming. */
  readonly startFrom?: StartSource | null
  readonly control: TrainingControl
  readonly reporter: TrainingReporter
  /** Milliseconds on a clock that only goes forward. */
  readonly now?: () => number
  /** Whether the steps are profiled, which changes nothing else. True when left out. */
  readonly profile?: boolean
}

export type TrainOutcome = 'finished' | 'paused' | 'stopped' | 'diverged'

interface Ending {
  readonly outcome: TrainOutcome
  /** Why it ended where the outcome alone does not say: stopped early, or what was not finite. */
  readonly note: string | null
}

export interface TrainResult extends Ending {
  /** Finished steps. */
  readonly step: number
  /** Digest of all weights as they are now; of a diverged run they are not worth keeping. */
  readonly weightsSha256: string
}

/**
 * Trains a run until it is finished, asked to pause or stop, or its loss or a weight is no longer finite.
 *
 * The same spec on the same machine with the same number of threads gives bit-identical weights, however often the
 * run was paused and resumed. A pause during an evaluation gives the evaluation up; it is redone after resuming,
 * and the step's one record is reported then.
 *
 * @throws WorkbenchError from the data set, the spec, the checkpoint and the source of the first weights;
 * `out-of-memory`; `disk-full`.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { spec, resumeFrom, startFrom = null, reporter, now = () => performance.now(), profile = true } = options
  const { datasetDirectory = null } = options
  try {
    const prepared = await prepareRun({ spec, datasetDirectory, resumeFrom, startFrom, reporter, now, profile })
    try {
      reporter.started(prepared.run.startInfo())
      const ending = await trainToEnd(prepared, options)
      leave(reporter, prepared.profiler.take(prepared.run.finishedSteps()))
      return { ...ending, step: prepared.run.finishedSteps(), weightsSha256: weightsSha256(prepared.model.weights) }
    } finally {
      await prepared.dispose()
    }
  } catch (error) {
    throw explainTrainingError(error, spec)
  }
}

async function trainToEnd(prepared: PreparedRun, options: TrainOptions): Promise<Ending> {
  const { run, profiler } = prepared
  const { control, reporter } = options
  if (run.finishedSteps() === 0) leave(reporter, filtersDue(prepared))
  while (true) {
    const request = await listen(control)
    if (run.isComplete()) return { outcome: 'finished', note: run.note() }
    if (request) {
      await save(prepared, options, request)
      return { outcome: outcomeOf[request], note: null }
    }

    const { isReported, divergence } = await takeStep(prepared, options)
    if (divergence) return { outcome: 'diverged', note: divergenceNote(divergence) }
    if (!isReported) continue
    // Before the checkpoint, which covers all that its steps left.
    leave(reporter, filtersDue(prepared))

    const due = run.checkpointDue()
    if (due) await save(prepared, options, due)
    leave(reporter, profiler.due(run.finishedSteps()))
  }
}

/** One step with its evaluation and its report. A step whose evaluation was interrupted is not reported yet. */
async function takeStep(
  { run, model, profiler }: PreparedRun,
  { control, reporter }: TrainOptions,
): Promise<Pick<TakenStep, 'divergence'> & { isReported: boolean }> {
  try {
    const taken = await run.nextStep()
    const ending = taken.divergence
      ? taken
      : await run.completeStep(taken, async () => (await listen(control)) !== null)
    if (!ending) return { isReported: false, divergence: null }
    measured(model.clock.profiler, 'logging', () => report(reporter, ending))
    return { isReported: true, divergence: ending.divergence }
  } finally {
    profiler.endStep()
  }
}

const outcomeOf = { pause: 'paused', stop: 'stopped' } as const

function report(reporter: TrainingReporter, { record, artifacts }: ReportedStep): void {
  reporter.record(record)
  for (const artifact of artifacts) reporter.artifact(artifact)
}

function leave(reporter: TrainingReporter, artifact: ProfileArtifact | FiltersArtifact | null): void {
  if (artifact) reporter.artifact(artifact)
}

/** Messages are delivered only while the loop lets the process turn: TensorFlow's calls are synchronous. */
async function listen(control: TrainingControl): Promise<ReturnType<TrainingControl['requested']>> {
  await nextTurn()
  return control.requested()
}

/**
 * Makes the present state durable, on the disk and in the record, unless it is so already. Its weights are finite:
 * a step that breaks them ends the run.
 */
async function save(
  { run, profiler }: PreparedRun,
  { checkpointsDirectory, reporter }: TrainOptions,
  reason: CheckpointInfo['reason'],
): Promise<void> {
  if (run.isSaved()) return
  await profiler.aside('checkpoint', async () => {
    const info = await writeCheckpoint(checkpointsDirectory, run.checkpointContent(), reason)
    run.noteSaved(info)
    await reporter.checkpoint(info)
  })
}
