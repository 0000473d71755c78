import { metricNames } from '../../../domain/metrics.ts'
import { learningRateAt } from '../../../domain/schedule/learning-rate.ts'
import { frozenLayers } from '../../../domain/schedule/transfer-plan.ts'
import type { ValidationHistory } from '../../../domain/schedule/validation-history.ts'
import type { Phase } from '../../../domain/workload.ts'
import type { Tensor } from '../../backend.ts'
import type { NamedTensor } from '../../files/tensor-file.ts'
import { makeOptimizer } from '../optimizers/make-optimizer.ts'
import type { Optimizer } from '../optimizers/optimizer.ts'
import { trainingStep, type Batch } from '../step.ts'
import type { PhaseParts, PhaseStep, PhaseTrainer } from './phase-trainer.ts'

/** Training on images and labels with the optimizer, schedule and frozen layers of the spec. */
export class SupervisedPhase implements PhaseTrainer {
  readonly phase: Phase
  private readonly parts: PhaseParts
  private readonly optimizer: Optimizer

  constructor(parts: PhaseParts) {
    const { model, spec, phase } = parts
    this.parts = parts
    this.phase = phase
    this.optimizer = makeOptimizer(spec.training, model.weights, model.learned)
  }

  takeStep(batch: Batch, finishedSteps: number, history: ValidationHistory): PhaseStep {
    const { model, phase, workload } = this.parts
    const { training } = this.parts.spec
    const { stepsPerEpoch } = workload
    const step = finishedSteps - phase.firstStep
    const learningRate = learningRateAt(training, { step, stepsPerEpoch, totalSteps: phase.steps, history })
    model.clock.frozen = new Set(frozenLayers(training.transfer, model.learned, Math.floor(step / stepsPerEpoch)))
    const options = { ...training, step: finishedSteps + 1, learningRate }
    const { loss, accuracy, gradientNorm } = trainingStep(model, this.optimizer, batch, options)
    const metrics = {
      [metricNames.trainLoss]: loss,
      [metricNames.trainAccuracy]: accuracy,
      [metricNames.learningRate]: learningRate,
      ...(gradientNorm === null ? {} : { [metricNames.gradientNorm]: gradientNorm }),
    }
    return { loss, learningRate, metrics, artifacts: [] }
  }

  slots(): NamedTensor[] {
    return this.optimizer.slots()
  }

  restore(slots: ReadonlyMap<string, Tensor>): void {
    this.optimizer.restore(slots)
  }

  dispose(): void {
    this.optimizer.dispose()
  }
}
