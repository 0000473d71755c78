import { readFileSync, statSync } from 'node:fs'
import { z } from 'zod'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import { mostRuns } from '../../src-core/domain/grid/grid.ts'
import { metricNameSchema } from '../../src-core/domain/metrics.ts'
import { expectation } from '../../src-core/domain/spec/paths.ts'
import type { Goal, Variant } from '../../src-core/domain/spec/templates.ts'

/** A sweep is a page of text; whatever is larger is another file. */
const largestFileBytes = 1024 * 1024

const assignmentsSchema = z.record(z.string().min(1), z.json())

const goalSchema = z
  .strictObject({
    title: z.string().min(1).max(200).optional(),
    metric: metricNameSchema,
    atLeast: z.number(),
    window: z.int().min(1).max(10_000).default(1),
  })
  .transform((goal): Goal => ({ ...goal, title: goal.title ?? `Epochs to ${goal.metric} ${goal.atLeast}` }))

const sweepFileSchema = z
  .strictObject({
    title: z.string().trim().min(1).max(100),
    recipe: z.string().min(1).max(100),
    set: assignmentsSchema.default({}),
    variants: z
      .array(z.strictObject({ name: z.string().trim().min(1).max(80), set: assignmentsSchema }))
      .min(1)
      .max(mostRuns)
      .optional(),
    grid: z.record(z.string().min(1), z.array(z.json()).min(1).max(mostRuns)).optional(),
    seeds: z.array(z.int().min(0).max(0x7fffffff)).min(1).max(mostRuns).optional(),
    goal: goalSchema.nullable().default(null),
  })
  .superRefine((file, context) => {
    const wrong = wrongTogether(file)
    if (wrong) context.addIssue({ code: 'custom', path: [wrong.path], message: wrong.message })
  })

type SweepFileFields = Pick<z.infer<typeof sweepFileSchema>, 'grid' | 'seeds'> & {
  readonly variants?: readonly Variant[] | undefined
}

function hasRepetitions(values: readonly unknown[]): boolean {
  return new Set(values.map((value) => JSON.stringify(value))).size < values.length
}

/** What the schema of each field alone cannot see. */
function wrongTogether({ variants, grid, seeds }: SweepFileFields): { path: string; message: string } | null {
  if ((variants === undefined) === (grid === undefined)) {
    return { path: 'variants', message: 'must be given, or a grid instead, and not both' }
  }
  if (variants && hasRepetitions(variants.map(({ name }) => name))) {
    return { path: 'variants', message: 'must have names that differ' }
  }
  if (grid && Object.keys(grid).length === 0) return { path: 'grid', message: 'must name at least one path' }
  const repeated = Object.entries(grid ?? {}).find(([, values]) => hasRepetitions(values))
  if (repeated) return { path: 'grid', message: `must not repeat a value, as ${repeated[0]} does` }
  return seeds && hasRepetitions(seeds) ? { path: 'seeds', message: 'must not repeat a number' } : null
}

/** An ablation as a person writes it down: a recipe, what holds for all runs, and variants or a grid of values. */
export type SweepFile = z.infer<typeof sweepFileSchema>

/**
 * Parses the text of a sweep file.
 * @throws WorkbenchError `invalid-value` or `unknown-field` naming the file, the place in it, what was expected and
 * what came.
 */
export function parseSweepFile(text: string, file: string): SweepFile {
  const parsed = sweepFileSchema.safeParse(parseJson(text, file))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = issue!.path.map(String)
  if (issue!.code === 'unrecognized_keys') {
    const unknown = [...place, issue!.keys[0]].join('.')
    throw new WorkbenchError('unknown-field', `${file}: a sweep has no field "${unknown}".`, { path: unknown })
  }
  const path = place.join('.')
  const where = path === '' ? file : `${file}: ${path}`
  throw new WorkbenchError('invalid-value', `${where}: ${expectation(issue!)}.`, { path })
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new WorkbenchError('invalid-value', `${file} is not JSON: ${(error as Error).message}.`)
  }
}

/**
 * Reads and parses a sweep file.
 * @throws WorkbenchError `usage` when it cannot be read or is too large; otherwise as `parseSweepFile`.
 */
export function readSweepFile(file: string): SweepFile {
  let text: string
  try {
    const { size } = statSync(file)
    if (size > largestFileBytes) {
      throw new WorkbenchError('usage', `${file} has ${size} bytes; a sweep file has at most ${largestFileBytes}.`)
    }
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof WorkbenchError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    const reason = code === 'ENOENT' ? 'there is no such file' : message
    throw new WorkbenchError('usage', `The sweep file ${file} cannot be read: ${reason}.`)
  }
  return parseSweepFile(text, file)
}
