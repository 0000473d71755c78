import { listPaths, type SpecPath } from '../src-core/domain/spec/paths.ts'
import { findRecipe, recipes } from '../src-core/domain/spec/recipes.ts'
import { wrapped } from './terminal/format.ts'

/** Its values stand behind the descriptions. */
const shownRecipe = 'alexnet-small'

const groups = [
  { root: 'model', title: 'Network' },
  { root: 'data', title: 'Data' },
  { root: 'training', title: 'Training' },
] as const

export interface HelpEntry {
  readonly name: string
  readonly text: string
}

/** Two columns: names, and descriptions that are wrapped beside them. */
export function helpEntries(entries: readonly HelpEntry[]): string {
  const indent = Math.max(...entries.map(({ name }) => name.length)) + 4
  return entries.map(({ name, text }) => wrapped(`  ${name}`.padEnd(indent), text, indent)).join('\n')
}

export function recipeHelp(): string {
  const entries = recipes.map(({ id, title, description }) => ({ name: id, text: `${title}. ${description}` }))
  return `Recipes:\n${helpEntries(entries)}\n`
}

/** The fields of a list's items are the same for every item: one of each is enough. */
function withoutRepetitions(paths: readonly SpecPath[]): SpecPath[] {
  const seen = new Set<string>()
  return paths.filter(({ path }) => {
    const pattern = path.replace(/\.\d+(?=\.|$)/g, '.N')
    return !seen.has(pattern) && seen.add(pattern)
  })
}

function entryOf({ path, value, description }: SpecPath): HelpEntry {
  const shown = JSON.stringify(value)
  return { name: path, text: description === '' ? shown : `${description} (${shown})` }
}

/** Every path that `--set` takes, in the groups of a spec, with what it means and a recipe's value. */
export function pathHelp(): string {
  const paths = withoutRepetitions(listPaths(findRecipe(shownRecipe).spec))
  const parts = groups.map(({ root, title }) => {
    const entries = paths.filter(({ path }) => path.startsWith(`${root}.`)).map(entryOf)
    return `${title}:\n${helpEntries(entries)}\n`
  })
  const notes = [
    `Paths for --set, with the values of ${shownRecipe}. Assignments apply in the order in which they stand.`,
    'Items of a list are counted from 0: model.convolutions.0 is conv1, and .1, .2, ... have the same fields.',
    `Lists and objects are written as JSON: --set 'model.convolutions.2.pool={"kind":"max","size":3,"stride":2}'.`,
  ]
  return `${notes.join('\n')}\n\n${parts.join('\n')}`
}
