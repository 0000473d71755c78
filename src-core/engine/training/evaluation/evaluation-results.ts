import type { Artifact } from '../../../domain/evaluation/artifact.ts'
import { metricNames } from '../../../domain/metrics.ts'
import type { Evaluation } from './evaluate.ts'

export type EvaluatedPart = 'validation' | 'test'

/** Evaluations that were done after one step, by part. */
export type Evaluations = Partial<Record<EvaluatedPart, Evaluation>>

const parts = ['validation', 'test'] as const

function metricsOf(part: EvaluatedPart, { loss, accuracy, top5Error }: Evaluation, classes: number) {
  return {
    [metricNames[`${part}Loss`]]: loss,
    [metricNames[`${part}Accuracy`]]: accuracy,
    [metricNames[`${part}Top1Error`]]: 1 - accuracy,
    // With five classes or fewer the label is always among the five most probable.
    ...(classes > 5 ? { [metricNames[`${part}Top5Error`]]: top5Error } : {}),
  }
}

/** What a step's record gains by the evaluations after it. */
export function evaluationMetrics(evaluations: Evaluations, classes: number): Record<string, number> {
  return Object.assign({}, ...parts.map((part) => evaluations[part] && metricsOf(part, evaluations[part], classes)))
}

/** The confusion matrices of the evaluations after a step. */
export function confusionArtifacts(evaluations: Evaluations, step: number): Artifact[] {
  return parts.flatMap((part) => {
    const confusion = evaluations[part]?.confusion
    return confusion ? [{ kind: 'confusion' as const, step, part, confusion }] : []
  })
}
