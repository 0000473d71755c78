import type { CheckpointInfo } from '../../domain/checkpoint.ts'
import { metricNames, type StepRecord } from '../../domain/metrics.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import { tf } from '../backend.ts'
import type { BuiltModel } from '../models/build-model.ts'
import type { BatchSource } from './batch-source.ts'
import type { CheckpointContent } from '../checkpoints/checkpoint.ts'
import type { TrainingProgress } from '../checkpoints/checkpoint-format.ts'
import { weightTensors } from '../checkpoints/digest.ts'
import { evaluate, type Evaluation } from './evaluate.ts'
import type { MomentumOptimizer } from './optimizer.ts'
import { RateMeter } from './rate-meter.ts'
import type { StartInfo } from './reporter.ts'
import { trainingStep, type Batch } from './step.ts'

const systemMetricsEvery = 20
const checkpointEveryMilliseconds = 5 * 60_000

export interface TrainingParts {
  readonly spec: RunSpec
  readonly batches: BatchSource
  readonly model: BuiltModel
  readonly optimizer: MomentumOptimizer
  /** Where a checkpoint left off; null at the beginning. */
  readonly resumed: TrainingProgress | null
  /** Milliseconds on a clock that only goes forward. */
  readonly now: () => number
}

interface DueEvaluation {
  readonly name: 'validation' | 'test'
  readonly batches: Iterable<Batch>
}

const beginning: TrainingProgress = { step: 0, epoch: 0, activeTime: 0, best: null, pendingRecord: null }

/** One run between its start and its end: where it stands and what it can do next. The loop decides when. */
export class TrainingRun {
  readonly stepsPerEpoch: number
  readonly totalSteps: number
  /** The record of the last step while its evaluation is still to be done. */
  pendingRecord: StepRecord | null
  private readonly parts: TrainingParts
  private readonly rate: RateMeter
  private readonly resumed: TrainingProgress
  private readonly startedAt: number
  private step: number
  private best: TrainingProgress['best']
  /** Step and active time of the newest checkpoint. */
  private saved: { readonly step: number; readonly activeTime: number }

  constructor(parts: TrainingParts) {
    const { spec, batches, resumed, now } = parts
    this.parts = parts
    this.stepsPerEpoch = batches.workload.stepsPerEpoch
    this.totalSteps = batches.workload.totalSteps
    this.rate = new RateMeter(spec.training.batchSize)
    this.resumed = resumed ?? beginning
    this.startedAt = now()
    this.step = this.resumed.step
    this.best = this.resumed.best
    this.pendingRecord = this.resumed.pendingRecord
    this.saved = this.resumed
  }

  startInfo(): StartInfo {
    const { step, epoch, best, activeTime } = this.progress()
    const parameters = this.parts.model.model.countParams()
    const { stepsPerEpoch, totalSteps } = this
    return { parameters, stepsPerEpoch, totalSteps, step, epoch, activeTime, best }
  }

  finishedSteps(): number {
    return this.step
  }

  isComplete(): boolean {
    return this.step >= this.totalSteps && this.pendingRecord === null
  }

  /** Takes the next step and gives its record, without the results of an evaluation. */
  takeStep(): StepRecord {
    const { batches, model, optimizer, spec, now } = this.parts
    const before = now()
    const batch = batches.trainingBatch(this.step)
    const { loss, accuracy } = trainingStep(model, optimizer, batch, this.step + 1)
    tf.dispose([batch.images, batch.labels])
    this.step += 1
    const metrics = {
      [metricNames.trainLoss]: loss,
      [metricNames.trainAccuracy]: accuracy,
      [metricNames.learningRate]: spec.training.learningRate,
      [metricNames.imagesPerSecond]: this.rate.add(now() - before),
      ...(this.step % systemMetricsEvery === 1 ? systemMetrics() : {}),
    }
    const { step, epoch, activeTime } = this.progress()
    return { step, epoch, wallTime: Date.now(), activeTime, metrics }
  }

  /**
   * Adds validation results at the end of an epoch, and those of the test set too after the last step.
   * @returns null when it was interrupted; the record then waits in `pendingRecord`.
   */
  async completeRecord(record: StepRecord, interrupted: () => Promise<boolean>): Promise<StepRecord | null> {
    this.pendingRecord = record
    const metrics = { ...record.metrics }
    let validation: Evaluation | null = null
    for (const { name, batches } of this.evaluationsDue()) {
      const result = await evaluate(this.parts.model, batches, interrupted)
      if (result === null) return null
      metrics[metricNames[`${name}Loss`]] = result.loss
      metrics[metricNames[`${name}Accuracy`]] = result.accuracy
      if (name === 'validation') validation = result
    }
    this.pendingRecord = null
    if (validation) this.noteValidation(validation)
    return { ...record, metrics }
  }

  /** Why a checkpoint is due after this step, null when none is. */
  checkpointDue(): Extract<CheckpointInfo['reason'], 'finished' | 'epoch' | 'interval'> | null {
    if (this.step >= this.totalSteps) return 'finished'
    if (this.step % this.stepsPerEpoch === 0) return 'epoch'
    return this.activeTime() - this.saved.activeTime >= checkpointEveryMilliseconds ? 'interval' : null
  }

  /** Whether the present state is that of the newest checkpoint, or the beginning, which needs none. */
  isSaved(): boolean {
    return this.saved.step === this.step
  }

  noteSaved({ step, activeTime }: CheckpointInfo): void {
    this.saved = { step, activeTime }
  }

  checkpointContent(): CheckpointContent {
    const { spec, model, optimizer } = this.parts
    const weights = weightTensors(model.weights)
    return { spec, progress: this.progress(), weights, velocities: optimizer.velocities() }
  }

  private activeTime(): number {
    return this.resumed.activeTime + this.parts.now() - this.startedAt
  }

  private progress(): TrainingProgress {
    const { step, best, pendingRecord } = this
    return { step, epoch: step / this.stepsPerEpoch, activeTime: this.activeTime(), best, pendingRecord }
  }

  private evaluationsDue(): DueEvaluation[] {
    const { batches } = this.parts
    const last = this.step >= this.totalSteps
    const due: DueEvaluation[] = []
    if ((last || this.step % this.stepsPerEpoch === 0) && batches.split.validation.length > 0) {
      due.push({ name: 'validation', batches: batches.validationBatches() })
    }
    if (last) due.push({ name: 'test', batches: batches.testBatches() })
    return due
  }

  private noteValidation({ accuracy }: Evaluation): void {
    if (this.best !== null && accuracy <= this.best.value) return
    const { step, epoch } = this.progress()
    this.best = { metric: metricNames.validationAccuracy, value: accuracy, step, epoch }
  }
}

function systemMetrics(): Record<string, number> {
  return {
    [metricNames.memory]: process.memoryUsage.rss() / 2 ** 20,
    [metricNames.tensors]: tf.memory().numTensors,
  }
}
