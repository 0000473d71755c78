import type { CheckpointInfo } from '../../domain/checkpoint.ts'
import type { Artifact } from '../../domain/evaluation/artifact.ts'
import { metricNames, type StepRecord } from '../../domain/metrics.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import { phaseAt, type Workload } from '../../domain/workload.ts'
import { tf } from '../backend.ts'
import type { Checkpoint, CheckpointContent } from '../checkpoints/checkpoint.ts'
import type { TrainingProgress } from '../checkpoints/checkpoint-format.ts'
import { weightTensors } from '../checkpoints/digest.ts'
import type { BuiltModel } from '../models/build-model.ts'
import type { RunProfiler } from '../profile/run-profiler.ts'
import { measured, measuredWait } from '../profile/step-profiler.ts'
import type { BatchSource } from './batch-source.ts'
import { findDivergence, findEvaluationDivergence, type Divergence } from './divergence.ts'
import { evaluateDue } from './evaluation/due-evaluations.ts'
import { confusionArtifacts, evaluationMetrics, type Evaluations } from './evaluation/evaluation-results.ts'
import { makePhaseTrainer } from './phases/make-phase.ts'
import type { PhaseStep, PhaseTrainer } from './phases/phase-trainer.ts'
import { RateMeter } from './rate-meter.ts'
import type { StartInfo } from './reporter.ts'
import type { Batch } from './step.ts'
import { ValidationRecord } from './evaluation/validation-record.ts'

const systemMetricsEvery = 20
const checkpointEveryMilliseconds = 5 * 60_000

export interface TrainingParts {
  readonly spec: RunSpec
  readonly batches: BatchSource
  readonly model: BuiltModel
  readonly profiler: RunProfiler
  /** Where a checkpoint left off; null at the beginning. */
  readonly resumed: TrainingProgress | null
  /** Milliseconds on a clock that only goes forward. */
  readonly now: () => number
}

/** What is reported of one step: its record, then its artifacts. */
export interface ReportedStep {
  readonly record: StepRecord
  readonly artifacts: readonly Artifact[]
}

export interface TakenStep extends ReportedStep {
  /** Set when the run has to end at this step. */
  readonly divergence: Divergence | null
}

/** Where a run stands before its first step. */
export const beginning: TrainingProgress = {
  step: 0,
  epoch: 0,
  activeTime: 0,
  best: null,
  pendingRecord: null,
  history: [],
}

/** One run between its start and its end: where it stands and what it can do next. The loop decides when. */
export class TrainingRun {
  readonly workload: Workload
  /** The record of the last step while its evaluation is still to be done. */
  private pendingRecord: StepRecord | null
  private readonly parts: TrainingParts
  private readonly rate: RateMeter
  private readonly resumed: TrainingProgress
  private readonly startedAt: number
  private readonly validation: ValidationRecord
  private trainer: PhaseTrainer | null = null
  private step: number
  /** Step and active time of the newest checkpoint. */
  private saved: { readonly step: number; readonly activeTime: number }

  constructor(parts: TrainingParts) {
    const { spec, batches, resumed, now } = parts
    this.parts = parts
    this.workload = batches.workload
    this.rate = new RateMeter(spec.training.batchSize)
    this.resumed = resumed ?? beginning
    this.startedAt = now()
    this.step = this.resumed.step
    this.validation = new ValidationRecord(spec.training, this.resumed)
    this.pendingRecord = this.resumed.pendingRecord
    this.saved = this.resumed
  }

  startInfo(): StartInfo {
    const { step, epoch, best, activeTime } = this.progress()
    const parameters = this.parts.model.model.countParams()
    const { stepsPerEpoch, totalSteps } = this.workload
    return { parameters, stepsPerEpoch, totalSteps, step, epoch, activeTime, best }
  }

  finishedSteps(): number {
    return this.step
  }

  isComplete(): boolean {
    return (this.step >= this.workload.totalSteps || this.validation.endsRun()) && this.pendingRecord === null
  }

  /** Why the run ended where it did, when that was before its last step. */
  note(): string | null {
    return this.step < this.workload.totalSteps ? this.validation.note() : null
  }

  /**
   * Gives the phase in which the checkpoint was made its slots back.
   * @throws WorkbenchError `checkpoint-damaged` when one is missing or has another shape.
   */
  restore(checkpoint: Pick<Checkpoint, 'readSlots'>): void {
    if (!this.isWithinPhase()) return
    const slots = checkpoint.readSlots()
    try {
      this.phaseTrainer().restore(slots)
    } finally {
      tf.dispose([...slots.values()])
    }
  }

  /** The step whose evaluation was interrupted, or else the next one. */
  async nextStep(): Promise<TakenStep> {
    if (this.pendingRecord) return { record: this.pendingRecord, artifacts: [], divergence: null }
    return this.takeStep()
  }

  private async takeStep(): Promise<TakenStep> {
    const { batches, model, profiler, now } = this.parts
    const before = now()
    // Before the batch: a phase that ends frees tensors, and the batch's memory is counted by those that live.
    this.phaseTrainer()
    profiler.beginStep(this.step)
    const batch = await measuredWait(model.clock.profiler, 'data', () => batches.trainingBatch(this.step))
    const { taken, divergence } = this.trainOn(batch)
    batches.disposeTrainingBatch(batch, this.step)
    this.step += 1
    const metrics = {
      ...taken.metrics,
      [metricNames.imagesPerSecond]: this.rate.add(now() - before),
      ...(this.step % systemMetricsEvery === 1 ? systemMetrics() : {}),
    }
    const { step, epoch, activeTime } = this.progress()
    const record = { step, epoch, wallTime: Date.now(), activeTime, metrics }
    return { record, artifacts: divergence ? [divergence] : taken.artifacts, divergence }
  }

  private trainOn(batch: Batch): { taken: PhaseStep; divergence: Divergence | null } {
    const { weights, clock } = this.parts.model
    const taken = this.phaseTrainer().takeStep(batch, this.step, this.validation.history)
    const divergence = measured(clock.profiler, 'checks', () => findDivergence(this.step + 1, taken, batch, weights))
    return { taken, divergence }
  }

  /**
   * Adds validation results at the end of a supervised epoch, and those of the test set too after the last step. A
   * loss that is not finite there ends the run as one in training does.
   * @returns null when it was interrupted; the record then waits for the next `nextStep`.
   */
  async completeStep(
    { record, artifacts }: ReportedStep,
    interrupted: () => Promise<boolean>,
  ): Promise<TakenStep | null> {
    this.pendingRecord = record
    const evaluations = await this.evaluateDue(interrupted)
    if (evaluations === null) return null
    this.pendingRecord = null
    if (evaluations.validation) this.validation.add(evaluations.validation, record)
    const metrics = { ...record.metrics, ...evaluationMetrics(evaluations, this.parts.spec.model.classes) }
    const divergence = findEvaluationDivergence(record.step, metrics[metricNames.learningRate]!, evaluations)
    const found = divergence ? [divergence] : confusionArtifacts(evaluations, record.step)
    return { record: { ...record, metrics }, artifacts: [...artifacts, ...found], divergence }
  }

  private evaluateDue(interrupted: () => Promise<boolean>): Promise<Evaluations | null> {
    if (phaseAt(this.workload, this.step - 1).kind === 'pretraining') return Promise.resolve({})
    const place = { isLast: this.step >= this.workload.totalSteps, endsEpoch: this.endsEpoch() }
    return evaluateDue({ ...this.parts, validation: this.validation }, place, interrupted)
  }

  /** Why a checkpoint is due after this step, null when none is. */
  checkpointDue(): Extract<CheckpointInfo['reason'], 'finished' | 'epoch' | 'interval'> | null {
    if (this.isComplete()) return 'finished'
    if (this.endsEpoch()) return 'epoch'
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
    const { spec, model } = this.parts
    const slots = this.isWithinPhase() ? this.phaseTrainer().slots() : []
    return { spec, progress: this.progress(), weights: weightTensors(model.weights), slots }
  }

  dispose(): void {
    this.trainer?.dispose()
    this.trainer = null
  }

  /** Whether the phase of the next step, or the last one, has taken a step already. */
  private isWithinPhase(): boolean {
    return this.step > phaseAt(this.workload, this.step).firstStep
  }

  /** The trainer of the next step. That of the phase before gives its weights back first. */
  private phaseTrainer(): PhaseTrainer {
    const { spec, model } = this.parts
    const phase = phaseAt(this.workload, this.step)
    if (this.trainer?.phase !== phase) {
      this.dispose()
      this.trainer = makePhaseTrainer({ spec, model, workload: this.workload, phase })
    }
    return this.trainer!
  }

  private endsEpoch(): boolean {
    return this.step % this.workload.stepsPerEpoch === 0
  }

  private activeTime(): number {
    return this.resumed.activeTime + this.parts.now() - this.startedAt
  }

  private progress(): TrainingProgress {
    const { step, pendingRecord, workload } = this
    const { best, history } = this.validation
    const epoch = step / workload.stepsPerEpoch
    return { step, epoch, activeTime: this.activeTime(), best, pendingRecord, history: [...history] }
  }
}

function systemMetrics(): Record<string, number> {
  return {
    [metricNames.memory]: process.memoryUsage.rss() / 2 ** 20,
    [metricNames.tensors]: tf.memory().numTensors,
  }
}
