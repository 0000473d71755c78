import { z } from 'zod'
import { WorkbenchError } from '../errors.ts'
import { runIdSchema } from '../ids.ts'
import { runSpecSchema } from '../spec/run-spec.ts'

/** Most runs that one grid makes, its seeds included. */
export const mostRuns = 500

/** One choice of a factor: what it changes in the spec, by path and in this order. */
export const levelSchema = z.strictObject({
  name: z.string().trim().min(1).max(120),
  set: z.record(z.string().min(1).max(200), z.json()),
})
export type Level = z.infer<typeof levelSchema>

/** Something that a grid varies: a field with its values, or the named variants of a ready ablation. */
export const factorSchema = z.strictObject({
  /** The path of a field; `variant` for named variants that may change several fields. */
  id: z.string().min(1).max(200),
  levels: z.array(levelSchema).min(1).max(mostRuns),
})
export type Factor = z.infer<typeof factorSchema>

/** What a grid is made from: a spec and what is varied in it. The seeds are those of its runs. */
export const gridDefinitionSchema = z.strictObject({
  name: z.string().trim().min(1).max(200),
  spec: runSpecSchema,
  factors: z.array(factorSchema).max(50),
})
export type GridDefinition = z.infer<typeof gridDefinitionSchema>

/** A cell's number: the levels of the factors as digits, the last factor counting fastest. */
export const cellSchema = z.int().min(0)

/** A grid as the record holds it, with the runs of it that are still there. */
export const gridSchema = gridDefinitionSchema.extend({
  id: z.int(),
  createdAt: z.number(),
  runs: z.array(z.strictObject({ runId: runIdSchema, cell: cellSchema })),
})
export type Grid = z.infer<typeof gridSchema>

/** Runs that are to be recorded as a grid: its definition, and the cell of each run. */
export const newGridSchema = gridDefinitionSchema.extend({ cells: z.array(cellSchema).min(1).max(mostRuns) })
export type NewGrid = z.infer<typeof newGridSchema>

/** How many cells the factors span; 1 without any. */
export function cellCount(factors: readonly Pick<Factor, 'levels'>[]): number {
  return factors.reduce((product, { levels }) => product * levels.length, 1)
}

/** The level of each factor in a cell, by their numbers. */
export function levelsOfCell(factors: readonly Pick<Factor, 'levels'>[], cell: number): number[] {
  const found: number[] = []
  let rest = cell
  for (const { levels } of [...factors].reverse()) {
    found.unshift(rest % levels.length)
    rest = Math.floor(rest / levels.length)
  }
  return found
}

/** The factor of one field with these values. */
export function fieldFactor(path: string, values: readonly unknown[]): Factor {
  return {
    id: path,
    levels: values.map((value) => ({
      name: typeof value === 'string' ? value : JSON.stringify(value),
      set: { [path]: value as z.infer<ReturnType<typeof z.json>> },
    })),
  }
}

/** @throws WorkbenchError `invalid-value` for more runs than a grid may have. */
export function requireFewRuns(count: number, what = 'grid'): void {
  if (count <= mostRuns) return
  throw new WorkbenchError('invalid-value', `A ${what} has at most ${mostRuns} runs, but this one would have ${count}.`)
}

/** Runs of a grid in words: "3 x 2 x 5 seeds = 30 runs", less what is left out. */
export function gridWords(factors: readonly Pick<Factor, 'levels'>[], seeds: number, runs: number): string {
  const sizes = factors.map(({ levels }) => String(levels.length)).filter((size) => size !== '1')
  const product = [...sizes, ...(seeds > 1 ? [`${seeds} seeds`] : [])]
  const all = cellCount(factors) * seeds
  const left = runs < all ? `, ${all - runs} left out` : ''
  const total = `${runs} ${runs === 1 ? 'run' : 'runs'}`
  if (product.length < 2) return `${total}${left}`
  return runs < all ? `${product.join(' × ')} = ${all}${left}: ${total}` : `${product.join(' × ')} = ${total}`
}
