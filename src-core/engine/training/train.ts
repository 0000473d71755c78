import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CheckpointInfo } from '../../domain/checkpoint.ts'
import { metricNames } from '../../domain/metrics.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import { writeCheckpoint } from '../checkpoints/checkpoint.ts'
import type { TrainingControl } from './control.ts'
import { weightsSha256 } from '../checkpoints/digest.ts'
import { explainTrainingError } from './explain-error.ts'
import { allFinite } from '../checkpoints/finite-weights.ts'
import { prepareRun, type PreparedRun } from './prepare-run.ts'
import type { TrainingReporter } from './reporter.ts'

export type { ControlRequest, TrainingControl } from './control.ts'
export type { StartInfo, TrainingReporter } from './reporter.ts'

export interface TrainOptions {
  readonly spec: RunSpec
  /** Folder of the run's checkpoints; made when it does not exist. */
  readonly checkpointsDirectory: string
  /** Directory of the checkpoint to go on from; null begins at step 0. */
  readonly resumeFrom: string | null
  readonly control: TrainingControl
  readonly reporter: TrainingReporter
  /** Milliseconds on a clock that only goes forward. */
  readonly now?: () => number
}

export type TrainOutcome = 'finished' | 'paused' | 'stopped' | 'diverged'

export interface TrainResult {
  readonly outcome: TrainOutcome
  /** Finished steps. */
  readonly step: number
  /** Digest of all weights as they are now; of a diverged run they are not worth keeping. */
  readonly weightsSha256: string
}

/**
 * Trains a run until it is finished, asked to pause or stop, or its loss is no longer finite.
 *
 * The same spec on the same machine with the same number of threads gives bit-identical weights, however often the
 * run was paused and resumed. A pause during an evaluation gives the evaluation up; it is redone after resuming,
 * and the step's one record is reported then.
 *
 * @throws WorkbenchError from the data set, the spec and the checkpoint; `out-of-memory`; `disk-full`.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { spec, resumeFrom, reporter, now = () => performance.now() } = options
  try {
    const prepared = await prepareRun({ spec, resumeFrom, reporter, now })
    try {
      reporter.started(prepared.run.startInfo())
      const outcome = await trainToEnd(prepared, options)
      return { outcome, step: prepared.run.finishedSteps(), weightsSha256: weightsSha256(prepared.model.weights) }
    } finally {
      prepared.dispose()
    }
  } catch (error) {
    throw explainTrainingError(error, spec)
  }
}

async function trainToEnd(prepared: PreparedRun, options: TrainOptions): Promise<TrainOutcome> {
  const { run } = prepared
  const { control, reporter } = options
  while (true) {
    const request = await listen(control)
    if (run.isComplete()) return 'finished'
    if (request) return (await save(prepared, options, request)) ? outcomeOf[request] : 'diverged'

    const taken = run.pendingRecord ?? run.takeStep()
    if (!Number.isFinite(taken.metrics[metricNames.trainLoss])) {
      reporter.record(taken)
      return 'diverged'
    }

    const record = await run.completeRecord(taken, async () => (await listen(control)) !== null)
    if (!record) continue
    reporter.record(record)

    const due = run.checkpointDue()
    if (due && !(await save(prepared, options, due))) return 'diverged'
  }
}

const outcomeOf = { pause: 'paused', stop: 'stopped' } as const

/** Messages are delivered only while the loop lets the process turn: TensorFlow's calls are synchronous. */
async function listen(control: TrainingControl): Promise<ReturnType<TrainingControl['requested']>> {
  await nextTurn()
  return control.requested()
}

/**
 * Makes the present state durable, on the disk and in the record, unless it is so already.
 * @returns false when the weights are not worth keeping: a last finite loss can still have broken them.
 */
async function save(
  { run, model }: PreparedRun,
  { checkpointsDirectory, reporter }: TrainOptions,
  reason: CheckpointInfo['reason'],
): Promise<boolean> {
  if (run.isSaved()) return true
  if (!allFinite(model.weights)) return false
  const info = await writeCheckpoint(checkpointsDirectory, run.checkpointContent(), reason)
  run.noteSaved(info)
  await reporter.checkpoint(info)
  return true
}
