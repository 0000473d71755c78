import { recipes } from '../../../src-core/domain/spec/recipes.ts'
import { augments } from '../../../src-core/domain/spec/data-spec.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { formatNumber } from '../format.ts'
import { choiceTitle } from '../spec/choices.ts'

/** Words for a normalisation where there is room for a choice of four. */
export const normalizationNames = { none: 'None', lrn: 'LRN', bn: 'Batch norm.', gn: 'Group norm.' } as const

/** The shortest words for a normalisation, for tables. */
export const normalizationShort = { none: 'None', lrn: 'LRN', bn: 'BN', gn: 'GN' } as const

/** A recipe's title up to its first "with": what follows is said by the rest of the name. */
export function shortRecipeTitle(id: string): string {
  return recipes.find((recipe) => recipe.id === id)?.title.split(' with ')[0] ?? id
}

/** Words for a value that may still be typed: what is no number is left out of the name. */
function words(before: string, value: unknown): string[] {
  return typeof value === 'number' ? [`${before} ${formatNumber(value)}`] : []
}

function normalizationWords({ model }: RunSpec): string {
  return model.normalization.kind === 'none' ? 'no normalisation' : normalizationShort[model.normalization.kind]
}

function dropoutWords({ model }: RunSpec): string[] {
  if (model.dense.length === 0) return []
  return model.dropout.rate === 0 ? ['no dropout'] : words('dropout', model.dropout.rate)
}

/** What differs from the recipe in the fields that people vary most. */
function differingWords({ model, data, training }: RunSpec, base: RunSpec | undefined): string[] {
  const parts: string[] = []
  const differs = (one: unknown, other: unknown): boolean => JSON.stringify(one) !== JSON.stringify(other)
  if (differs(model.activation, base?.model.activation)) parts.push(choiceTitle('model.activation', model.activation))
  if (model.removed.length > 0) parts.push(`without ${model.removed.map((number) => `conv${number}`).join(' and ')}`)
  if (differs(training.optimizer, base?.training.optimizer))
    parts.push(choiceTitle('training.optimizer', training.optimizer))
  if (training.schedule.kind !== 'table' && differs(training.learningRate, base?.training.learningRate))
    parts.push(...words('lr', training.learningRate))
  if (differs(training.schedule.kind, base?.training.schedule.kind))
    parts.push(choiceTitle('training.schedule.kind', training.schedule.kind).toLowerCase())
  if (differs(training.weightDecay.value, base?.training.weightDecay.value))
    parts.push(...words('decay', training.weightDecay.value))
  if (differs(training.batchSize, base?.training.batchSize)) parts.push(...words('batch', training.batchSize))
  if (differs(model.widthMultiplier, base?.model.widthMultiplier)) parts.push(...words('width', model.widthMultiplier))
  if (differs(data.augmentation, base?.data.augmentation))
    parts.push(augments(data.augmentation) ? 'augmented' : 'not augmented')
  if (training.pretraining.kind !== 'none') parts.push('pre-trained')
  if (training.transfer.from !== null) parts.push('transferred')
  return parts
}

/** A name that tells runs apart: "Small AlexNet, LRN, dropout 0.5, seed 1". */
export function proposeName(spec: RunSpec): string {
  const base = recipes.find((recipe) => recipe.id === spec.recipe)?.spec
  return [
    shortRecipeTitle(spec.recipe),
    normalizationWords(spec),
    ...dropoutWords(spec),
    ...differingWords(spec, base),
    ...words('seed', spec.training.seed),
  ].join(', ')
}
