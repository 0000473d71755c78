import type { Command } from 'commander'
import { findDataset, type DatasetInfo } from '../src-core/domain/dataset.ts'
import { WorkbenchError } from '../src-core/domain/errors.ts'
import { specProblems, specWarnings } from '../src-core/domain/spec/consistency.ts'
import { applyAssignment, parseTypedValue, setAtPath } from '../src-core/domain/spec/paths.ts'
import { findRecipe, recipeSpec } from '../src-core/domain/spec/recipes.ts'
import type { RunSpec } from '../src-core/domain/spec/run-spec.ts'
import { pathHelp, recipeHelp } from './spec-help.ts'
import { formatInteger } from './terminal/format.ts'
import { printNotice, singleLine } from './terminal/output.ts'

/** The options with names of their own for what is changed most. */
export interface ShortOptions {
  readonly dataset?: string
  readonly epochs?: string
  readonly steps?: string
  readonly seed?: string
}

export interface SpecOptions extends ShortOptions {
  readonly set?: string[]
}

function collect(value: string, previous: string[] = []): string[] {
  return [...previous, value]
}

/** Adds `--set path=value`, and the lists of recipes and paths to the command's help. */
export function addSetOption(command: Command): Command {
  return command
    .option('--set <path=value>', 'change one field of the recipe; may be given many times', collect)
    .addHelpText('after', () => `\n${recipeHelp()}\n${pathHelp()}`)
}

/**
 * The spec with all assignments applied in order. What one of them gets wrong does not hide the others' mistakes.
 * @throws WorkbenchError as `applyAssignment`, naming everything that is wrong.
 */
export function withSetOptions(spec: RunSpec, assignments: readonly string[] = []): RunSpec {
  const errors: WorkbenchError[] = []
  const changed = assignments.reduce((present, assignment) => {
    try {
      return applyAssignment(present, assignment)
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error
      errors.push(error)
      return present
    }
  }, spec)
  const [first] = errors
  if (!first) return changed
  throw new WorkbenchError(first.code, errors.map(({ message }) => message).join('\n'), first.details)
}

/** A recipe's spec with `--set` applied, checked. */
export function specFromSet(recipe: string, assignments: readonly string[] = []): RunSpec {
  return withSetOptions(recipeSpec(recipe), assignments)
}

/** A recipe's spec for one of the data sets that exist: the number of classes follows it. */
export function specForDataset(recipe: string, datasets: readonly DatasetInfo[], datasetId?: string): RunSpec {
  const initial = recipeSpec(recipe)
  const dataset = findDataset(datasetId ?? initial.data.dataset, datasets)
  return setAtPath(setAtPath(initial, 'data.dataset', dataset.id), 'model.classes', dataset.labels.length)
}

/** The spec with the short options applied. */
export function withShortOptions(spec: RunSpec, { epochs, steps, seed }: ShortOptions): RunSpec {
  const given = Object.entries({ epochs, steps, seed }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return given.reduce((changed, [name, text]) => setAtPath(changed, `training.${name}`, parseTypedValue(text)), spec)
}

/** The spec of a new run: data set, classes of the data set, `--set`, then the short options, which win. */
export function specFromOptions(recipe: string, options: SpecOptions, datasets: readonly DatasetInfo[]): RunSpec {
  const spec = withShortOptions(withSetOptions(specForDataset(recipe, datasets, options.dataset), options.set), options)
  requireConsistent(spec)
  return spec
}

/** @throws WorkbenchError `invalid-value` naming every problem that the fields have with each other. */
export function requireConsistent(spec: RunSpec): void {
  const problems = specProblems(spec)
  if (problems.length === 0) return
  const text = problems.map(({ path, message }) => `${path}: ${message}.`).join('\n')
  throw new WorkbenchError('invalid-value', text, { path: problems[0]!.path })
}

/** Tells what is allowed but easily done by mistake, each once. */
export function printWarnings(specs: readonly RunSpec[]): void {
  const lines = specs.flatMap(specWarnings).map(({ path, message }) => `warning: ${path}: ${message}`)
  for (const line of new Set(lines)) printNotice(line)
}

/** Tells where the network that is trained, or what it sees, is not what the recipe and the data set say by themselves. */
export function printFitting(spec: RunSpec, datasets: readonly DatasetInfo[]): void {
  const { data, model } = findRecipe(spec.recipe).spec
  const dataset = findDataset(spec.data.dataset, datasets)
  const title = singleLine(dataset.title)
  if (spec.model.classes !== model.classes && spec.model.classes === dataset.labels.length) {
    const outputs = `the last layer gets ${spec.model.classes} outputs for ${title}`
    printNotice(`${outputs}; the recipe has ${formatInteger(model.classes)}`)
  }
  // What a recipe makes of the data set that it comes with is meant so.
  if (dataset.id === data.dataset || dataset.channels === spec.model.input.channels) return
  printNotice(
    dataset.channels === 3
      ? `the colours of ${title} are seen as luminance; --set model.input.channels=3 shows them to the network`
      : `the grey of ${title} is repeated in three channels; --set model.input.channels=1 makes it one`,
  )
}
