import { existsSync } from 'node:fs'
import { cellCount, fieldFactor, requireFewRuns, type Factor } from '../../src-core/domain/grid/grid.ts'
import { recipes } from '../../src-core/domain/spec/recipes.ts'
import {
  findTemplate,
  templates,
  variantFactor,
  type Assignments,
  type Goal,
} from '../../src-core/domain/spec/templates.ts'
import { readSweepFile, type SweepFile } from './sweep-file.ts'

/** What a sweep is called and asks. */
export interface SweepHeading {
  /** Id of the template or recipe, or the file's name as it was given. */
  readonly template: string
  readonly title: string
  readonly question: string | null
  readonly goal: Goal | null
}

/** A template, a file and a recipe alike. */
export interface Sweep extends SweepHeading {
  readonly recipe: string
  readonly set: Assignments
  readonly factors: readonly Factor[]
  /** Where the levels of a cell stand, for errors. */
  readonly place: (levels: readonly number[]) => string
  readonly seeds: readonly number[] | null
}

function fromTemplate(id: string): Sweep {
  const template = findTemplate(id)
  const place = ([variant]: readonly number[]): string => `${id}: ${template.variants[variant!]!.name}`
  return { ...template, template: id, factors: [variantFactor(template.variants)], place, seeds: null }
}

/** The factors that a file names: its variants as one, or one of each field. */
function factorsOf({ grid, variants }: SweepFile): Factor[] {
  if (!grid) return [variantFactor(variants!)]
  return Object.entries(grid).map(([path, values]) => fieldFactor(path, values))
}

function fromFile(file: string): Sweep {
  const sweep = readSweepFile(file)
  const { title, recipe, set, grid, seeds, goal } = sweep
  const factors = factorsOf(sweep)
  requireFewRuns(cellCount(factors), 'sweep')
  const place = ([variant]: readonly number[]): string => (grid ? `${file}: grid` : `${file}: variants.${variant}.set`)
  return { template: file, title, question: null, goal, recipe, set, factors, place, seeds: seeds ?? null }
}

/** A recipe as it is: what is varied comes from lists in `--set`. */
function fromRecipe(id: string): Sweep {
  const { title } = recipes.find((recipe) => recipe.id === id)!
  const heading = { template: id, title, question: null, goal: null }
  return { ...heading, recipe: id, set: {}, factors: [], place: () => id, seeds: null }
}

function isFile(name: string): boolean {
  return name.endsWith('.json') || /[/\\]/.test(name) || existsSync(name)
}

/**
 * The template with this id, the sweep in this file, or the recipe with this id.
 * @throws WorkbenchError `unknown-recipe` listing the templates; otherwise as `readSweepFile`.
 */
export function findSweep(name: string): Sweep {
  if (templates.some(({ id }) => id === name)) return fromTemplate(name)
  if (isFile(name)) return fromFile(name)
  return recipes.some(({ id }) => id === name) ? fromRecipe(name) : fromTemplate(name)
}
