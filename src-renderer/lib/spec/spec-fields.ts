import { modelSpecSchema } from '../../../src-core/domain/spec/model-spec.ts'
import { planArchitecture } from '../../../src-core/domain/network/architecture.ts'
import type { ModelSpec } from '../../../src-core/domain/spec/model-spec.ts'
import { flattenSpec } from '../../../src-core/domain/spec/paths.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { ownerOf } from './field-schema.ts'

export function valueAt(spec: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | null | undefined)?.[key], spec)
}

/**
 * A copy of the spec with the values put in place, unchecked. Only paths that exist are changed; whole lists and
 * objects come before what is inside them.
 */
export function withValues(spec: RunSpec, values: Readonly<Record<string, unknown>>): RunSpec {
  const copy = structuredClone(spec)
  for (const [path, value] of Object.entries(values).sort(([one], [other]) => one.length - other.length)) {
    const keys = path.split('.')
    const last = keys.pop()!
    const parent = valueAt(copy, keys.join('.')) as Record<string, unknown> | null | undefined
    if (parent && Object.hasOwn(parent, last)) parent[last] = structuredClone(value)
  }
  return copy
}

export function sameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

const blockLists = ['model.convolutions', 'model.dense']

/**
 * The values in which a spec differs from its base, by path. What may be absent altogether (a pool) is one value, and
 * so is a list of blocks that has another length.
 */
export function valuesThatDiffer(spec: RunSpec, base: RunSpec): Record<string, unknown> {
  const resized = blockLists.filter((list) => lengthAt(spec, list) !== lengthAt(base, list))
  const owners = [...Object.keys(flattenSpec(spec)), ...Object.keys(flattenSpec(base))].map(
    (path) => resized.find((list) => path.startsWith(`${list}.`)) ?? ownerOf(path),
  )
  const pairs = [...new Set(owners)].map((path) => [path, valueAt(spec, path)] as const)
  return Object.fromEntries(pairs.filter(([path, value]) => !sameValue(value, valueAt(base, path))))
}

function lengthAt(spec: RunSpec, path: string): number {
  return (valueAt(spec, path) as unknown[]).length
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

/** Names of the layers with a kernel as they follow from the blocks alone: conv1 ... fc6, fc7, fc8. */
export function layerNamesOf({ convolutions, removed, dense }: ModelSpec): string[] {
  const names = convolutions.map((_, index) => `conv${index + 1}`)
  const kept = names.filter((_, index) => !removed.includes(index + 1))
  const count = convolutions.length
  return [...kept, ...[...dense, null].map((_, index) => `fc${count + index + 1}`)]
}
