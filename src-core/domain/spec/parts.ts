import type { RunSpec } from './run-spec.ts'

/**
 * A spec as parts: its entries and those of its sections, each as JSON (`recipe`, `model.dropout`, `training.seed`).
 * Thousands of runs have few different ones, so that each has to be parsed only once.
 */
export type SpecParts = Readonly<Record<string, string>>

const sections = ['model', 'data', 'training'] as const

export function partsOf(spec: RunSpec): SpecParts {
  const parts: Record<string, string> = { version: JSON.stringify(spec.version), recipe: JSON.stringify(spec.recipe) }
  for (const section of sections) {
    for (const [key, value] of Object.entries(spec[section])) parts[`${section}.${key}`] = JSON.stringify(value)
  }
  return parts
}

/** Puts a spec together again from parts that are parsed; parts of several specs may be shared, so nobody changes them. */
export function specOfParts(parts: Iterable<readonly [path: string, value: unknown]>): RunSpec {
  const spec: Record<string, unknown> = { model: {}, data: {}, training: {} }
  for (const [path, value] of parts) {
    const dot = path.indexOf('.')
    if (dot < 0) spec[path] = value
    else (spec[path.slice(0, dot)] as Record<string, unknown>)[path.slice(dot + 1)] = value
  }
  return spec as unknown as RunSpec
}

/** Which variant a spec belongs to, kept because comparing ten thousand specs text by text takes a second. */
const keys = new WeakMap<RunSpec, string>()

/** The same text for specs that differ in their seed alone. */
export function variantKey(spec: RunSpec): string {
  const known = keys.get(spec)
  if (known !== undefined) return known
  const key = keyOf(Object.entries(partsOf(spec)))
  keys.set(spec, key)
  return key
}

/** Remembers the variant of a spec that was put together from these parts. */
export function rememberVariant(spec: RunSpec, parts: Iterable<readonly [path: string, json: string]>): void {
  keys.set(spec, keyOf(parts))
}

function keyOf(parts: Iterable<readonly [path: string, json: string]>): string {
  const texts: string[] = []
  for (const [path, json] of parts) if (path !== 'training.seed') texts.push(`${path}=${json}`)
  return texts.sort().join('\n')
}
