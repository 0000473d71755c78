import { augments } from '../../../src-core/domain/spec/data-spec.ts'
import type { Convolution, ModelSpec } from '../../../src-core/domain/spec/model-spec.ts'
import { flattenSpec } from '../../../src-core/domain/spec/paths.ts'
import { recipes } from '../../../src-core/domain/spec/recipes.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import type { Schedule } from '../../../src-core/domain/spec/training-spec.ts'
import { formatNumber } from '../format.ts'
import { configurationText } from '../run/comparison.ts'
import { applies } from './applies.ts'
import { fieldLabel } from './labels.ts'
import { valueText } from './text/value-text.ts'

/** A line of a spec to read: one field, or all fields of a block in one. */
export interface SpecLine {
  /** The field's path, or the beginning of its fields' paths. */
  readonly path: string
  readonly label: string
  readonly text: string
}

export interface SpecGroup {
  readonly title: string
  readonly lines: readonly SpecLine[]
}

/** Paths that are read in a line of their block. */
const inBlocks = /^(model\.(convolutions|dense)|training\.schedule\.table|data\.augmentation)\./

/** A spec as groups of lines; what has no effect is left out. */
export function specGroups(spec: RunSpec): SpecGroup[] {
  const flat = Object.entries(flattenSpec(spec)).filter(([path]) => !inBlocks.test(path) && applies(path, spec))
  const taken = new Set<string>()
  const lines = (...prefixes: string[]): SpecLine[] =>
    flat
      .filter(([path]) => prefixes.some((prefix) => path.startsWith(prefix)) && !taken.has(path))
      .map(([path, value]) => {
        taken.add(path)
        return { path, label: fieldLabel(path), text: valueText(value, path) }
      })
  return [
    { title: 'Data', lines: [...lines('data.'), ...augmentationLines(spec)] },
    { title: 'Normalisation', lines: lines('model.normalization.') },
    { title: 'Network', lines: [...lines('model.'), ...blockLines(spec.model)] },
    { title: 'Schedule', lines: [...lines('training.schedule.'), ...tableLines(spec)] },
    { title: 'Pre-training', lines: lines('training.pretraining.') },
    { title: 'Transfer', lines: lines('training.transfer.') },
    { title: 'Training', lines: lines('training.') },
  ]
}

/** One line says that nothing is augmented, unless the recipe does: then each field is worth reading. */
function augmentationLines(spec: RunSpec): SpecLine[] {
  const path = 'data.augmentation'
  const base = recipes.find(({ id }) => id === spec.recipe)?.spec
  if (!augments(spec.data.augmentation) && !(base && augments(base.data.augmentation)))
    return [{ path, label: fieldLabel(path), text: 'none' }]
  return Object.entries(spec.data.augmentation)
    .map(([name, value]) => ({ path: `${path}.${name}`, value }))
    .filter((field) => applies(field.path, spec))
    .map((field) => ({ path: field.path, label: fieldLabel(field.path), text: configurationText(field.value) }))
}

/** The table in one line: 2 × 0.0005, 3 × 0.0002, then 0.00001. */
export function tableText(table: Schedule['table']): string {
  return table
    .map(({ epochs, learningRate }, index) => {
      const rate = typeof learningRate === 'number' ? formatNumber(learningRate) : String(learningRate)
      if (epochs !== null && index < table.length - 1) return `${epochs} × ${rate}`
      return index === 0 ? rate : `then ${rate}`
    })
    .join(', ')
}

function tableLines(spec: RunSpec): SpecLine[] {
  const path = 'training.schedule.table'
  if (!applies(path, spec)) return []
  return [{ path, label: fieldLabel(path), text: tableText(spec.training.schedule.table) }]
}

/** "96 of 11×11/4 valid, max 3/2": filters, kernel and stride of a block, and its pool. */
function convolutionText(
  { filters, kernel, stride, padding, groups, pool, dropout }: Convolution,
  removed: boolean,
): string {
  const parts = removed ? ['removed'] : [`${filters} of ${kernel}×${kernel}/${stride} ${padding}`]
  if (!removed && groups > 1) parts.push(`${groups} groups`)
  if (pool) parts.push(`${pool.kind} ${pool.size}/${pool.stride}`)
  if (dropout > 0) parts.push(`dropout ${dropout}`)
  return parts.join(', ')
}

function blockLines(model: ModelSpec): SpecLine[] {
  const convolutions = model.convolutions.map((convolution, index) => ({
    path: `model.convolutions.${index}`,
    label: `Block ${index + 1}`,
    text: convolutionText(convolution, model.removed.includes(index + 1)),
  }))
  const dense = model.dense.map(({ units, dropout }, index) => ({
    path: `model.dense.${index}`,
    label: `Hidden layer fc${model.convolutions.length + index + 1}`,
    text: dropout ? `${units}, dropout ${dropout.rate} ${dropout.position}` : String(units),
  }))
  return [...convolutions, ...dense]
}
