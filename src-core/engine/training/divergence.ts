import type { Artifact } from '../../domain/evaluation/artifact.ts'
import type { NamedWeight } from '../models/build-model.ts'
import { firstNotFinite } from './finite-weights.ts'
import type { PhaseStep } from './phases/phase-trainer.ts'
import type { Batch } from './step.ts'

export type Divergence = Extract<Artifact, { kind: 'diverged-batch' }>

/** What is not finite after a step, with the batch at which it happened; null when all is well. */
export function findDivergence(
  step: number,
  { loss, learningRate }: PhaseStep,
  { indices, labels }: Batch,
  weights: readonly NamedWeight[],
): Divergence | null {
  const what = Number.isFinite(loss) ? firstNotFinite(weights) : 'loss'
  if (what === null) return null
  return {
    kind: 'diverged-batch',
    step,
    what,
    learningRate,
    images: [...indices],
    labels: [...labels.dataSync()],
  }
}

/** Says in words how a run diverged and what may help. */
export function divergenceNote({ step, what, learningRate }: Divergence): string {
  const happened =
    what === 'loss'
      ? `the loss of step ${step} is not a finite number`
      : `the update of step ${step} left values in ${what} that are not finite numbers`
  return (
    `Diverged: ${happened} (learning rate ${learningRate}). ` +
    'A lower learning rate, a warm-up, gradient clipping or a normalisation may help.'
  )
}
