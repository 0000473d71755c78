import type { Artifact } from '../../domain/evaluation/artifact.ts'
import { metricNames } from '../../domain/metrics.ts'
import type { NamedWeight } from '../models/build-model.ts'
import { firstNotFinite } from './finite-weights.ts'
import type { PhaseStep } from './phases/phase-trainer.ts'
import type { Evaluations } from './evaluation/evaluation-results.ts'
import type { Batch } from './step.ts'

export type Divergence = Extract<Artifact, { kind: 'diverged-batch' }>

/** Of the loss, the gradients where their norm is taken, and the weights: the first that is not finite. */
function whatIsNotFinite({ loss, metrics }: PhaseStep, weights: readonly NamedWeight[]): string | null {
  if (!Number.isFinite(loss)) return 'loss'
  if (!Number.isFinite(metrics[metricNames.gradientNorm] ?? 0)) return 'gradients'
  return firstNotFinite(weights)
}

/** What is not finite after a step, with the batch at which it happened; null when all is well. */
export function findDivergence(
  step: number,
  taken: PhaseStep,
  { indices, labels }: Batch,
  weights: readonly NamedWeight[],
): Divergence | null {
  const what = whatIsNotFinite(taken, weights)
  if (what === null) return null
  return {
    kind: 'diverged-batch',
    step,
    what,
    learningRate: taken.learningRate,
    images: [...indices],
    labels: [...labels.dataSync()],
  }
}

/** The evaluation after a step whose loss is not finite: the weights are, but what they compute is not. */
export function findEvaluationDivergence(
  step: number,
  learningRate: number,
  evaluations: Evaluations,
): Divergence | null {
  const broken = Object.entries(evaluations).find(([, { loss }]) => !Number.isFinite(loss))
  if (!broken) return null
  return { kind: 'diverged-batch', step, what: `${broken[0]}/loss`, learningRate, images: [], labels: [] }
}

function happening(what: string, step: number): string {
  if (what === 'loss') return `the loss of step ${step} is not a finite number`
  if (what === 'gradients') return `the gradients of step ${step} are not finite numbers`
  const part = /^(validation|test)\/loss$/.exec(what)?.[1]
  if (part) return `the loss on the ${part} images after step ${step} is not a finite number`
  return `the update of step ${step} left values in ${what} that are not finite numbers`
}

/** Says in words how a run diverged and what may help. */
export function divergenceNote({ step, what, learningRate }: Divergence): string {
  return (
    `Diverged: ${happening(what, step)} (learning rate ${learningRate}). ` +
    'A lower learning rate, a warm-up, gradient clipping or a normalisation may help.'
  )
}
