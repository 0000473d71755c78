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

/** A part of a spec, read: where it belongs, and its value. */
export interface ReadPart {
  /** Null for an entry of the spec itself. */
  readonly section: (typeof sections)[number] | null
  readonly key: string
  readonly value: unknown
}

export function readPart(path: string, json: string): ReadPart {
  const section = sections.find((name) => path.startsWith(`${name}.`)) ?? null
  return { section, key: section ? path.slice(section.length + 1) : path, value: JSON.parse(json) }
}

/** Puts a spec together again. Several specs may share parts, so nobody changes them. */
export function specOfParts(parts: readonly ReadPart[]): RunSpec {
  const spec: Record<string, unknown> = {}
  const inSections: Record<string, Record<string, unknown>> = { model: {}, data: {}, training: {} }
  for (const { section, key, value } of parts) (section ? inSections[section]! : spec)[key] = value
  return Object.assign(spec, inSections) as unknown as RunSpec
}

type PartTexts = Iterable<readonly [path: string, json: string]>

/** Which variant a spec belongs to, kept because telling it of ten thousand specs takes a good part of a second. */
const keys = new WeakMap<RunSpec, string>()
/** Where the parts of a spec that was put together are to be had: few are ever asked for. */
const knownParts = new WeakMap<RunSpec, () => PartTexts>()

/** The same text for specs that differ in their seed alone. */
export function variantKey(spec: RunSpec): string {
  const known = keys.get(spec)
  if (known !== undefined) return known
  const key = keyOf(knownParts.get(spec)?.() ?? Object.entries(partsOf(spec)))
  keys.set(spec, key)
  return key
}

/** Remembers which parts a spec was put together from, so that its variant need not write them as JSON again. */
export function rememberParts(spec: RunSpec, parts: () => PartTexts): void {
  knownParts.set(spec, parts)
}

function keyOf(parts: PartTexts): string {
  const texts: string[] = []
  for (const [path, json] of parts) if (path !== 'training.seed') texts.push(`${path}=${json}`)
  return texts.sort().join('\n')
}
