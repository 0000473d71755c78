import type { Command } from 'commander'
import { findDataset } from '../src-core/domain/dataset.ts'
import { applyAssignment, listPaths, parseTypedValue, setAtPath } from '../src-core/domain/spec/paths.ts'
import { findRecipe, recipes, recipeSpec } from '../src-core/domain/spec/recipes.ts'
import type { RunSpec } from '../src-core/domain/spec/run-spec.ts'

export interface SpecOptions {
  readonly set?: string[]
  readonly dataset?: string
  readonly epochs?: string
  readonly steps?: string
  readonly seed?: string
}

function collect(value: string, previous: string[] = []): string[] {
  return [...previous, value]
}

/** Adds `--set path=value`, and the list of paths to the command's help. */
export function addSetOption(command: Command): Command {
  return command
    .option('--set <path=value>', 'change one field of the recipe; may be given many times', collect)
    .addHelpText('after', () => `\n${recipeHelp()}\n${pathHelp()}`)
}

function recipeHelp(): string {
  const lines = recipes.map(({ id, description }) => `  ${id.padEnd(16)}${description}`)
  return `Recipes:\n${lines.join('\n')}\n`
}

function pathHelp(): string {
  const rows = listPaths(findRecipe('alexnet-small').spec)
  const width = Math.max(...rows.map(({ path }) => path.length))
  const lines = rows.map(
    ({ path, value, description }) =>
      `  ${path.padEnd(width)}  ${description} (alexnet-small: ${JSON.stringify(value)})`,
  )
  return `Paths for --set (list items by number, from 0):\n${lines.join('\n')}\n`
}

/** A recipe's spec with `--set` applied, checked. */
export function specFromSet(recipe: string, assignments: readonly string[] = []): RunSpec {
  return assignments.reduce(applyAssignment, recipeSpec(recipe))
}

/** The spec of a new run: data set, classes of the data set, `--set`, then the short options, which win. */
export function specFromOptions(recipe: string, options: SpecOptions): RunSpec {
  const initial = recipeSpec(recipe)
  const dataset = findDataset(options.dataset ?? initial.data.dataset)
  let spec = setAtPath(initial, 'data.dataset', dataset.id)
  spec = setAtPath(spec, 'model.classes', dataset.labels.length)
  spec = (options.set ?? []).reduce(applyAssignment, spec)
  if (options.epochs !== undefined) spec = setAtPath(spec, 'training.epochs', parseTypedValue(options.epochs))
  if (options.steps !== undefined) spec = setAtPath(spec, 'training.steps', parseTypedValue(options.steps))
  if (options.seed !== undefined) spec = setAtPath(spec, 'training.seed', parseTypedValue(options.seed))
  return spec
}

/** A name that tells a run from its neighbours when the user gives none. */
export function defaultName(spec: RunSpec): string {
  const { normalization, dropout } = spec.model
  const kind = { none: 'no normalisation', lrn: 'LRN', bn: 'BN' }[normalization.kind]
  return `${findRecipe(spec.recipe).title}, ${kind}, dropout ${dropout.rate}, seed ${spec.training.seed}`
}
