import { recipes } from '../../../src-core/domain/spec/recipes.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { formatNumber } from '../format.ts'

export const normalizationNames = { none: 'None', lrn: 'LRN', bn: 'Batch normalisation' } as const

/** The shortest words for a normalisation, for tables. */
export const normalizationShort = { none: 'None', lrn: 'LRN', bn: 'BN' } as const

/** A recipe's title up to its first "with": what follows is said by the rest of the name. */
export function shortRecipeTitle(id: string): string {
  return recipes.find((recipe) => recipe.id === id)?.title.split(' with ')[0] ?? id
}

/** Words for a value that may still be typed: what is no number is left out of the name. */
function words(before: string, value: unknown): string[] {
  return typeof value === 'number' ? [`${before} ${formatNumber(value)}`] : []
}

/** A name that tells runs apart: "Small AlexNet, LRN, dropout 0.5, seed 1". */
export function proposeName(spec: RunSpec): string {
  const { model, training } = spec
  const base = recipes.find((recipe) => recipe.id === spec.recipe)?.spec
  const parts = [
    shortRecipeTitle(spec.recipe),
    model.normalization.kind === 'none' ? 'no normalisation' : normalizationShort[model.normalization.kind],
    ...(model.dropout.rate === 0 ? ['no dropout'] : words('dropout', model.dropout.rate)),
  ]
  if (training.learningRate !== base?.training.learningRate) parts.push(...words('lr', training.learningRate))
  if (training.batchSize !== base?.training.batchSize) parts.push(...words('batch', training.batchSize))
  if (model.widthMultiplier !== base?.model.widthMultiplier) parts.push(...words('width', model.widthMultiplier))
  return [...parts, ...words('seed', training.seed)].join(', ')
}
