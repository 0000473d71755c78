import { existsSync } from 'node:fs'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import { findTemplate, templates, type Assignments, type Goal } from '../../src-core/domain/spec/templates.ts'
import { mostRuns, readSweepFile } from './sweep-file.ts'

export { mostRuns } from './sweep-file.ts'

export interface SweepVariant {
  /** Null where it is made from the values. */
  readonly name: string | null
  readonly set: Assignments
  /** Where it stands, for errors. */
  readonly place: string
}

/** What a sweep is called and asks. */
export interface SweepHeading {
  /** Id of the template, or the file's name as it was given. */
  readonly template: string
  readonly title: string
  readonly question: string | null
  readonly goal: Goal | null
}

/** A template and a file alike. */
export interface Sweep extends SweepHeading {
  readonly recipe: string
  readonly set: Assignments
  readonly variants: readonly SweepVariant[]
  readonly seeds: readonly number[] | null
}

function fromTemplate(id: string): Sweep {
  const template = findTemplate(id)
  const variants = template.variants.map((variant) => ({ ...variant, place: `${id}: ${variant.name}` }))
  return { ...template, template: id, variants, seeds: null }
}

/** All combinations of a grid's values, the last path changing fastest. */
export function gridAssignments(grid: Readonly<Record<string, readonly unknown[]>>): Assignments[] {
  return Object.entries(grid).reduce<Assignments[]>(
    (combinations, [path, values]) =>
      combinations.flatMap((combination) => values.map((value) => ({ ...combination, [path]: value }))),
    [{}],
  )
}

function fromFile(file: string): Sweep {
  const { title, recipe, set, variants, grid, seeds, goal } = readSweepFile(file)
  if (grid) {
    const combinations = Object.values(grid).reduce((product, values) => product * values.length, 1)
    requireFewRuns(combinations)
  }
  return {
    template: file,
    title,
    question: null,
    goal,
    recipe,
    set,
    variants: grid
      ? gridAssignments(grid).map((assignments) => ({ name: null, set: assignments, place: `${file}: grid` }))
      : variants!.map((variant, index) => ({ ...variant, place: `${file}: variants.${index}.set` })),
    seeds: seeds ?? null,
  }
}

/** @throws WorkbenchError `invalid-value` for more runs than a sweep may have. */
export function requireFewRuns(count: number): void {
  if (count <= mostRuns) return
  throw new WorkbenchError('invalid-value', `A sweep has at most ${mostRuns} runs, but this one would have ${count}.`)
}

function isFile(name: string): boolean {
  return name.endsWith('.json') || /[/\\]/.test(name) || existsSync(name)
}

/**
 * The template with this id, or the sweep in this file.
 * @throws WorkbenchError `unknown-recipe` listing the templates; otherwise as `readSweepFile`.
 */
export function findSweep(name: string): Sweep {
  return !templates.some(({ id }) => id === name) && isFile(name) ? fromFile(name) : fromTemplate(name)
}
