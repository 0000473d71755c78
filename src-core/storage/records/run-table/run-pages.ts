import { environmentSchema } from '../../../domain/environment.ts'
import { wireErrorSchema } from '../../../domain/errors.ts'
import { bestMetricSchema } from '../../../domain/metrics.ts'
import type { PackedRunPage, PagedRun, RunPage } from '../../../domain/run-table/run-page.ts'
import { specVersion, storedRunSpecSchema, type RunSpec } from '../../../domain/spec/run-spec.ts'
import type { ReadableDatabase } from '../../database.ts'
import { parseColumn, parseOptionalColumn } from '../json-columns.ts'
import { runFields, type RunRow } from '../run-rows.ts'
import { specHash } from '../spec-hash.ts'
import { tagsOf } from './tags.ts'

type PageRow = RunRow & { place: number; checkpoint_step: number | null; tags: string | null }

/** Reads all runs, the trash included, page by page in the order in which they were recorded. */
export type ReadRunPage = (after: number | null) => PackedRunPage

/** How long a page may take in milliseconds: main answers nothing else meanwhile. */
const pageTime = 12
const rowsPerPage = 1000
/** How many checked texts are remembered; each is some 2 KB. */
const rememberedTexts = 5000

interface CheckedVariant {
  readonly text: string
  /** The spec when it was translated from an earlier version, null otherwise. */
  readonly translated: RunSpec | null
}

/**
 * Makes the reader of pages. A spec is checked once per variant: the text with the seed taken out is looked up among
 * those that were checked before, because ten thousand runs of a few hundred variants are the rule.
 */
export function runPageReader(database: ReadableDatabase): ReadRunPage {
  const select = database.prepare<[number], PageRow>(`
    SELECT runs.rowid AS place, runs.*, (SELECT max(step) FROM checkpoints WHERE run_id = runs.id) AS checkpoint_step,
      (SELECT group_concat(tag, char(10)) FROM run_tags WHERE run_id = runs.id) AS tags
    FROM runs WHERE runs.rowid > ? ORDER BY runs.rowid LIMIT ${rowsPerPage}`)
  const checkVariant = remembering((text): CheckedVariant => {
    const spec = parseColumn(storedRunSpecSchema, text, 'a spec')
    const isPresent = text.startsWith(`{"version":${specVersion},`)
    return isPresent ? { text, translated: null } : { text: JSON.stringify(spec), translated: spec }
  })
  const checkEnvironment = remembering((text) => {
    parseColumn(environmentSchema, text, 'an environment')
    return text
  })
  return (after) => {
    const deadline = performance.now() + pageTime
    const page = new PageBuilder(checkVariant, checkEnvironment)
    let last: number | null = null
    let count = 0
    for (const row of select.iterate(after ?? -1)) {
      page.add(row)
      last = row.place
      count++
      if (performance.now() > deadline) return { text: page.text(), next: last }
    }
    return { text: page.text(), next: count === rowsPerPage ? last : null }
  }
}

function remembering<Value>(make: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    if (known.size >= rememberedTexts) known.clear()
    const made = make(text)
    known.set(text, made)
    return made
  }
}

/** Takes the seed out of a spec's text: inside a JSON string its quotes would be escaped, so there is one such place. */
function withoutSeed(text: string): { readonly variant: string; readonly seed: number } {
  const match = /"seed":(\d+)/.exec(text)
  if (!match) return { variant: text, seed: 0 }
  const before = text.slice(0, match.index)
  return { variant: `${before}"seed":0${text.slice(match.index + match[0].length)}`, seed: Number(match[1]) }
}

class PageBuilder {
  readonly #checkVariant: (text: string) => CheckedVariant
  readonly #checkEnvironment: (text: string) => string
  readonly #variants = new Map<string, number>()
  readonly #environments = new Map<string, number>()
  readonly #runs: PagedRun[] = []
  readonly #damaged: string[] = []

  constructor(checkVariant: (text: string) => CheckedVariant, checkEnvironment: (text: string) => string) {
    this.#checkVariant = checkVariant
    this.#checkEnvironment = checkEnvironment
  }

  add(row: PageRow): void {
    try {
      this.#runs.push(this.#read(row))
    } catch (error) {
      this.#damaged.push(`Run ${row.id} in the record cannot be read: ${(error as Error).message}`)
    }
  }

  text(): string {
    const page: RunPage = {
      variants: [...this.#variants.keys()],
      environments: [...this.#environments.keys()],
      runs: this.#runs,
      damaged: this.#damaged,
    }
    return JSON.stringify(page)
  }

  #read(row: PageRow): PagedRun {
    const { variant, seed } = withoutSeed(row.spec)
    const { text, translated } = this.#checkVariant(variant)
    const environment = row.environment === null ? null : this.#checkEnvironment(row.environment)
    const what = `run ${row.id}`
    return {
      ...runFields(row),
      specHash: translated ? specHash(withSeed(translated, seed)) : row.spec_hash,
      variant: indexOf(this.#variants, text),
      seed,
      best: parseOptionalColumn(bestMetricSchema, row.best, what),
      error: parseOptionalColumn(wireErrorSchema, row.error, what),
      checkpointStep: row.checkpoint_step,
      environment: environment === null ? null : indexOf(this.#environments, environment),
      tags: tagsOf(row.tags),
    }
  }
}

function withSeed(spec: RunSpec, seed: number): RunSpec {
  return { ...spec, training: { ...spec.training, seed } }
}

function indexOf(known: Map<string, number>, text: string): number {
  const index = known.get(text) ?? known.size
  known.set(text, index)
  return index
}
