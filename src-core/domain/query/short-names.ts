import { metricNames } from '../metrics.ts'
import type { Statistic } from './query.ts'

/** What a name means that is neither a field's nor a metric's own. */
export type Meaning =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'metric'; readonly statistic: Statistic; readonly name: string }

function best(name: string): Meaning {
  return { kind: 'metric', statistic: 'best', name }
}

function field(name: string): Meaning {
  return { kind: 'field', name }
}

/** What people mean by a word that several fields or metrics end with, or none does. In lower case. */
const meanings: Readonly<Record<string, Meaning>> = {
  accuracy: best(metricNames.validationAccuracy),
  loss: best(metricNames.validationLoss),
  'top1-error': best(metricNames.validationTop1Error),
  'top5-error': best(metricNames.validationTop5Error),
  dropout: field('model.dropout.rate'),
  normalisation: field('model.normalization.kind'),
  normalization: field('model.normalization.kind'),
  norm: field('model.normalization.kind'),
  width: field('model.widthMultiplier'),
  rate: field('training.learningRate'),
  lr: field('training.learningRate'),
  'learning rate': field('training.learningRate'),
  batch: field('training.batchSize'),
  'batch size': field('training.batchSize'),
  schedule: field('training.schedule.kind'),
  decay: field('training.weightDecay.value'),
  images: field('data.trainImages'),
  created: field('createdAt'),
}

/** The words that stand for a field or a metric. */
export const shortNames: readonly string[] = Object.keys(meanings)

/**
 * What is meant by a name in whatever case: a usual word, or the end of the one field or metric that ends so. Null for a
 * name that means nothing, or several things.
 */
export function meaningOf(name: string, fields: readonly string[], metrics: readonly string[]): Meaning | null {
  const lower = name.toLowerCase()
  const usual = Object.hasOwn(meanings, lower) ? meanings[lower]! : null
  if (usual && (usual.kind === 'field' ? fields : metrics).includes(usual.name)) return usual
  const ending = (known: readonly string[], sign: string): string[] =>
    known.filter((one) => `${sign}${one.toLowerCase()}`.endsWith(sign + lower))
  const [onlyField, ...otherFields] = ending(fields, '.')
  if (onlyField !== undefined) return otherFields.length === 0 ? field(onlyField) : null
  const [onlyMetric, ...otherMetrics] = ending(metrics, '/')
  if (onlyMetric === undefined || otherMetrics.length > 0) return null
  return { kind: 'metric', statistic: 'last', name: onlyMetric }
}
