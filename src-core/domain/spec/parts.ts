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
interface ReadPart {
  /** Null for an entry of the spec itself. */
  readonly section: (typeof sections)[number] | null
  readonly key: string
  readonly value: unknown
}

function readPart(path: string, json: string): ReadPart {
  const section = sections.find((name) => path.startsWith(`${name}.`)) ?? null
  return { section, key: section ? path.slice(section.length + 1) : path, value: JSON.parse(json) }
}

/** Puts a spec together again. Several specs may share parts, so nobody changes them. */
function specOfParts(parts: readonly ReadPart[]): RunSpec {
  const spec: Record<string, unknown> = {}
  const inSections: Record<string, Record<string, unknown>> = { model: {}, data: {}, training: {} }
  for (const { section, key, value } of parts) (section ? inSections[section]! : spec)[key] = value
  return Object.assign(spec, inSections) as unknown as RunSpec
}

/** What specs that differ in their seed alone have in common. */
interface Variant {
  /** One of them. */
  readonly spec: RunSpec
  key: string | null
}

/** Which variant a spec was put together from: telling it of ten thousand specs would take a good part of a second. */
const variants = new WeakMap<RunSpec, Variant>()
const seedPath = 'training.seed'
/** Fields that decide nothing but luck, or nothing at all: the recipe's name and the version decide no number. */
const withoutEffect: readonly string[] = [seedPath, 'recipe', 'version']

/** Whether a field can make one variant another: all can but the seed, the recipe's name and the version. */
export function makesVariant(path: string): boolean {
  return !withoutEffect.includes(path)
}

/** The same text for specs of one variant: they differ in their seed, or in what they began as. */
export function variantKey(spec: RunSpec): string {
  const known = variants.get(spec)
  if (known) return (known.key ??= keyOf(known.spec))
  const key = keyOf(spec)
  variants.set(spec, { spec, key })
  return key
}

function keyOf(spec: RunSpec): string {
  return Object.entries(partsOf(spec))
    .filter(([path]) => makesVariant(path))
    .map(([path, json]) => `${path}=${json}`)
    .sort()
    .join('\n')
}

/**
 * A function that makes specs of places in a table of parts. Runs of one variant share all but their seed, so that
 * ten thousand specs are some hundred variants and as many small objects as there are runs.
 */
export function specAssembler(parts: {
  readonly paths: readonly string[]
  readonly values: readonly string[]
}): (places: Int32Array) => RunSpec {
  const read: ReadPart[] = []
  const part = (place: number): ReadPart => (read[place] ??= readPart(parts.paths[place]!, parts.values[place]!))
  const isSeed = parts.paths.map((path) => path === seedPath)
  const known = new Map<string, Variant>()
  return (places) => {
    let id = ''
    // Two characters for a place: several times as quick as its digits.
    for (const place of places) if (!isSeed[place]) id += String.fromCharCode(place & 0xffff, place >>> 16)
    const variant = known.get(id) ?? { spec: specOfParts(Array.from(places, part)), key: null }
    known.set(id, variant)
    const seed = places.find((place) => isSeed[place] === true)
    // A spec without a seed is no spec: its own part is always there.
    const spec = { ...variant.spec, training: { ...variant.spec.training, seed: part(seed!).value as number } }
    variants.set(spec, variant)
    return spec
  }
}
