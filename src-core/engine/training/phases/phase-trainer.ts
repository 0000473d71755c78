import type { Artifact } from '../../../domain/evaluation/artifact.ts'
import type { ValidationHistory } from '../../../domain/schedule/validation-history.ts'
import type { RunSpec } from '../../../domain/spec/run-spec.ts'
import type { Phase, Workload } from '../../../domain/workload.ts'
import type { Tensor } from '../../backend.ts'
import type { NamedTensor } from '../../files/tensor-file.ts'
import type { BuiltModel } from '../../models/build-model.ts'
import type { Batch } from '../step.ts'

export interface PhaseParts {
  readonly spec: RunSpec
  readonly model: BuiltModel
  readonly workload: Workload
  readonly phase: Phase
}

export interface PhaseStep {
  /** What the phase minimises, on this batch and before the update. */
  readonly loss: number
  readonly learningRate: number
  /** For the step's record; the learning rate is in it. */
  readonly metrics: Record<string, number>
  readonly artifacts: readonly Artifact[]
}

/** Takes the steps of one phase of a run. Owns the memory of the weights that it trains until it is disposed of. */
export interface PhaseTrainer {
  readonly phase: Phase
  /** Trains on the batch, whose tensors stay the caller's. When the loss is not finite, nothing is changed. */
  takeStep(batch: Batch, finishedSteps: number, history: ValidationHistory): PhaseStep
  /** What the phase needs to go on, beside the weights of the network. */
  slots(): NamedTensor[]
  /** @throws WorkbenchError `checkpoint-damaged` when a slot is missing or has another shape. */
  restore(slots: ReadonlyMap<string, Tensor>): void
  dispose(): void
}
