import type { CheckpointInfo } from '../../domain/checkpoint.ts'
import type { Artifact } from '../../domain/evaluation/artifact.ts'
import type { BestMetric, StepRecord } from '../../domain/metrics.ts'

/** Where a run begins and how long it will be. */
export interface StartInfo {
  readonly parameters: number
  readonly stepsPerEpoch: number
  readonly totalSteps: number
  /** Finished steps, epochs, milliseconds of training and best result so far: not zero when resumed. */
  readonly step: number
  readonly epoch: number
  readonly activeTime: number
  readonly best: BestMetric | null
}

/** Hears what a run does. */
export interface TrainingReporter {
  /** What is being done before the first step, as a sentence for people. */
  preparing(stage: string): void
  started(info: StartInfo): void
  /** One record per step, in order. */
  record(record: StepRecord): void
  /** What a step left beside its numbers; called after the record of its step. */
  artifact(artifact: Artifact): void
  /** Called when the directory lies whole on the disk; resolves once that is recorded durably. */
  checkpoint(info: CheckpointInfo): Promise<void>
}
