import { modelSpecSchema } from '../../../src-core/domain/spec/model-spec.ts'
import { planArchitecture } from '../../../src-core/domain/architecture.ts'
import type { ModelSpec } from '../../../src-core/domain/spec/model-spec.ts'
import { flattenSpec } from '../../../src-core/domain/spec/paths.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { configurationText } from '../run/comparison.ts'

/** What the fields of a spec are called in the window. */
const labels: Readonly<Record<string, string>> = {
  recipe: 'Recipe',
  'data.dataset': 'Data set',
  'data.trainImages': 'Training images',
  'data.testImages': 'Test images',
  'data.validationFraction': 'Validation fraction',
  'data.pixels': 'Pixels',
  'model.input.size': 'Input size',
  'model.input.channels': 'Channels',
  'model.classes': 'Classes',
  'model.widthMultiplier': 'Width multiplier',
  'model.initializer': 'Initialiser',
  'model.activation': 'Activation',
  'model.normalization.kind': 'Normalisation',
  'model.normalization.blocks': 'Normalised blocks',
  'model.normalization.dense': 'BN after dense layers',
  'model.normalization.lrn.n': 'LRN n',
  'model.normalization.lrn.k': 'LRN k',
  'model.normalization.lrn.alpha': 'LRN alpha',
  'model.normalization.lrn.beta': 'LRN beta',
  'model.normalization.bn.epsilon': 'BN epsilon',
  'model.normalization.bn.momentum': 'BN average kept',
  'model.dropout.rate': 'Dropout rate',
  'model.dropout.position': 'Dropout position',
  'training.epochs': 'Epochs',
  'training.steps': 'Steps',
  'training.batchSize': 'Batch size',
  'training.learningRate': 'Learning rate',
  'training.momentum': 'Momentum',
  'training.seed': 'Seed',
}

export function fieldLabel(path: string): string {
  return labels[path] ?? path
}

export function valueAt(spec: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], spec)
}

/** A copy of the spec with the values put in place, unchecked. Only paths that exist are changed. */
export function withValues(spec: RunSpec, values: Readonly<Record<string, unknown>>): RunSpec {
  const copy = structuredClone(spec)
  for (const [path, value] of Object.entries(values)) {
    const keys = path.split('.')
    const last = keys.pop()!
    const parent = valueAt(copy, keys.join('.')) as Record<string, unknown> | undefined
    if (parent && Object.hasOwn(parent, last)) parent[last] = value
  }
  return copy
}

export function sameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** The values in which a spec differs from its base, by path. */
export function valuesThatDiffer(spec: RunSpec, base: RunSpec): Record<string, unknown> {
  const [flat, flatBase] = [flattenSpec(spec), flattenSpec(base)]
  return Object.fromEntries(Object.entries(flat).filter(([path, value]) => !sameValue(value, flatBase[path])))
}

/** The input side nearest to the wanted one for which all layers have room; null when none has. */
export function nearestInputSize(model: ModelSpec): number | null {
  const { minValue, maxValue } = modelSpecSchema.shape.input.shape.size
  for (let size = Math.max(model.input.size, minValue ?? 1); size <= (maxValue ?? 1024); size++) {
    if (hasRoom({ ...model, input: { ...model.input, size } })) return size
  }
  return null
}

function hasRoom(model: ModelSpec): boolean {
  try {
    planArchitecture(model)
    return true
  } catch {
    return false
  }
}

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

/** A spec as groups of lines; constants of a normalisation that is not used are left out. */
export function specGroups(spec: RunSpec): SpecGroup[] {
  const flat = Object.entries(flattenSpec(spec)).filter(([path]) => isUsed(path, spec.model.normalization.kind))
  const lines = (prefix: string): SpecLine[] =>
    flat
      .filter(([path]) => path.startsWith(prefix))
      .map(([path, value]) => ({ path, label: fieldLabel(path), text: configurationText(value, path) }))
  return [
    { title: 'Data', lines: lines('data.') },
    { title: 'Network', lines: [...lines('model.'), ...blockLines(spec.model)] },
    { title: 'Training', lines: lines('training.') },
  ]
}

const inBlocks = /^model\.(convolutions|dense)\./

function isUsed(path: string, kind: string): boolean {
  if (inBlocks.test(path)) return false
  if (!path.startsWith('model.normalization.') || path.endsWith('.kind')) return true
  if (kind === 'none') return false
  const other = kind === 'lrn' ? ['bn.', 'dense'] : ['lrn.']
  return !other.some((part) => path.startsWith(`model.normalization.${part}`))
}

/** "96 of 11 × 11 / 4, pool 3 / 2": filters, kernel and stride of a block, and its pool. */
function blockLines(model: ModelSpec): SpecLine[] {
  const convolutions = model.convolutions.map(({ filters, kernel, stride, padding, pool }, index) => ({
    path: `model.convolutions.${index}`,
    label: `Block ${index + 1}`,
    text: `${filters} of ${kernel}×${kernel}/${stride} ${padding}${pool ? `, pool ${pool.size}/${pool.stride}` : ''}`,
  }))
  const dense = model.dense.map(({ units }, index) => ({
    path: `model.dense.${index}`,
    label: `Hidden layer fc${model.convolutions.length + index + 1}`,
    text: String(units),
  }))
  return [...convolutions, ...dense]
}
