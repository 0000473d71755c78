import type { Artifact } from '../../../domain/evaluation/artifact.ts'
import { metricNames, reconstructionErrorMetric } from '../../../domain/metrics.ts'
import type { Phase } from '../../../domain/workload.ts'
import type { Tensor, Tensor4D } from '../../backend.ts'
import type { NamedTensor } from '../../files/tensor-file.ts'
import { LayerPretraining } from '../../pretraining/layer-pretraining.ts'
import type { Batch } from '../step.ts'
import type { PhaseParts, PhaseStep, PhaseTrainer } from './phase-trainer.ts'

/** Unsupervised training of one convolutional layer. */
export class PretrainingPhase implements PhaseTrainer {
  readonly phase: Phase
  private readonly parts: PhaseParts
  private readonly layer: string
  private readonly pretraining: LayerPretraining

  constructor(parts: PhaseParts) {
    const { spec, model, phase } = parts
    this.parts = parts
    this.phase = phase
    this.layer = phase.layer!
    this.pretraining = new LayerPretraining({ spec, model, layer: this.layer })
  }

  takeStep({ images }: Batch, finishedSteps: number): PhaseStep {
    const step = finishedSteps + 1
    const error = this.pretraining.step(images, step)
    const { learningRate } = this.parts.spec.training.pretraining
    const metrics = {
      [reconstructionErrorMetric(this.layer)]: error,
      [metricNames.learningRate]: learningRate,
    }
    const endsEpoch = step % this.parts.workload.stepsPerEpoch === 0 && Number.isFinite(error)
    const artifacts = endsEpoch ? [this.reconstruction(images, step)] : []
    if (step === this.phase.firstStep + this.phase.steps) this.pretraining.finish(images)
    return { loss: error, learningRate, metrics, artifacts }
  }

  private reconstruction(images: Tensor4D, step: number): Artifact {
    return { kind: 'reconstruction', step, layer: this.layer, ...this.pretraining.reconstruction(images) }
  }

  slots(): NamedTensor[] {
    return this.pretraining.slots()
  }

  restore(slots: ReadonlyMap<string, Tensor>): void {
    this.pretraining.restore(slots)
  }

  dispose(): void {
    this.pretraining.dispose()
  }
}
