import type { DatasetInfo } from '../dataset.ts'
import { parseTypedValue } from '../spec/paths.ts'
import { recipes } from '../spec/recipes.ts'
import type { RunSpec } from '../spec/run-spec.ts'

type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** The value as `parseTypedValue` reads it back. */
function valueText(value: Json): string {
  const isPlain = typeof value === 'string' && parseTypedValue(value) === value
  return isPlain ? value : JSON.stringify(value)
}

const isRecord = (value: Json): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The fields to set to get from one value to another: as deep as both have the same fields, else as a whole. */
function assignments(from: Json, to: Json, path: string): string[] {
  if (JSON.stringify(from) === JSON.stringify(to)) return []
  const pairs = childPairs(from, to)
  if (!pairs) return [`${path}=${valueText(to)}`]
  return pairs.flatMap(([key, before, after]) => assignments(before, after, path === '' ? key : `${path}.${key}`))
}

/** Null where the one cannot become the other field by field. */
function childPairs(from: Json, to: Json): [string, Json, Json][] | null {
  if (Array.isArray(from) && Array.isArray(to)) {
    const deep = from.length === to.length && [...from, ...to].every(isRecord)
    return deep ? from.map((item, index) => [String(index), item, to[index]!]) : null
  }
  if (!isRecord(from) || !isRecord(to)) return null
  const keys = Object.keys(from)
  const same = keys.length === Object.keys(to).length && keys.every((key) => Object.hasOwn(to, key))
  if (!same) return null
  return keys.map((key) => [key, from[key]!, to[key]!])
}

/** As a POSIX shell takes it for one word. A tilde would become a home folder, in zsh a leading = the path of a program. */
function shellWord(text: string): string {
  return /^[\w./,:@%+-][\w./=,:@%+-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

/** What `ablate train` begins with, before any `--set`. */
function startingSpec(recipe: RunSpec, { data, model }: RunSpec, datasets: readonly DatasetInfo[]): RunSpec {
  const classes = datasets.find(({ id }) => id === data.dataset)?.labels.length
  const onDataset: RunSpec = { ...recipe, data: { ...recipe.data, dataset: data.dataset } }
  // Of a data set that is not here any more the classes are not known: they are then always said.
  return { ...onDataset, model: { ...recipe.model, classes: classes ?? -model.classes } }
}

/** The recipe and the options after `ablate train` that make this very spec. */
export function trainArguments(spec: RunSpec, datasets: readonly DatasetInfo[]): string[] {
  const recipe = recipes.find(({ id }) => id === spec.recipe) ?? recipes[0]!
  const start = startingSpec(recipe.spec, spec, datasets)
  const roots = ['model', 'data', 'training'] as const
  const sets = roots.flatMap((root) => assignments(start[root] as unknown as Json, spec[root] as unknown as Json, root))
  return [recipe.id, '--dataset', spec.data.dataset, ...sets.flatMap((one) => ['--set', one])]
}

/** The command that trains this network again, for a POSIX shell, one option to the line. */
export function trainCommand(spec: RunSpec, name: string, datasets: readonly DatasetInfo[]): string {
  const [recipe, ...options] = trainArguments(spec, datasets)
  const oneLine = name.replace(/\p{Cc}+/gu, ' ')
  const pairs = [...options, '--name', oneLine].reduce<string[]>(
    (lines, word, index) =>
      index % 2 === 0 ? [...lines, word] : [...lines.slice(0, -1), `${lines.at(-1)} ${shellWord(word)}`],
    [],
  )
  return [`npx ablate train ${recipe}`, ...pairs].join(' \\\n  ')
}
