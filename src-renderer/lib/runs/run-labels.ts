import type { Run } from '../../../src-core/domain/run.ts'
import { differences } from '../../../src-core/domain/spec/paths.ts'
import { changeWords } from '../../../src-core/domain/spec/run-name.ts'

/** A piece of a name; not shown when every name beside it has it too. */
export interface NamePiece {
  readonly text: string
  readonly shown: boolean
}

/** How a run is called beside others. All pieces together, `note` apart, are its name. */
export interface RunLabel {
  /** What several names begin with, such as the title of a grid: the first to give way where there is no room. */
  readonly lead: NamePiece
  readonly pieces: readonly NamePiece[]
  /** What tells the run from others with the same name; usually empty. */
  readonly note: string
}

/** For each beginning of names how many parts all of them have in common. */
export type NameFamilies = ReadonlyMap<string, number>

const separators = /(, |: )/
const longestLead = 12
/** A name of one part that is longer is cut before its last words, which are at least so long. */
const longestPart = 20
const shortestEnd = 8

/** The parts of a name at even places, what divides them at odd ones. */
function tokensOf(name: string): string[] {
  return name.split(separators)
}

/** Which names begin alike, and how far. */
export function nameFamilies(names: Iterable<string>): NameFamilies {
  const starts = new Map<string, string[]>()
  const counts = new Map<string, number>()
  for (const name of names) {
    const tokens = tokensOf(name)
    if (tokens.length < 3) continue
    const [first] = tokens as [string]
    const start = starts.get(first)
    if (!start) starts.set(first, tokens)
    // A name alone gives way at its first part.
    counts.set(first, start ? Math.min(counts.get(first) ?? Infinity, commonTokens(start, tokens)) : Infinity)
  }
  return new Map([...counts].map(([first, count]) => [first, Number.isFinite(count) ? count : 2]))
}

/** How many tokens two names have in common at their beginning, ending with a separator. */
function commonTokens(one: readonly string[], other: readonly string[]): number {
  let count = 0
  while (count < Math.min(one.length, other.length) - 1 && one[count] === other[count]) count++
  return count - (count % 2)
}

/** How many of a name's tokens are its lead: at least one part stays. */
function leadTokens(tokens: readonly string[], families: NameFamilies): number {
  return Math.min(families.get(tokens[0]!) ?? 0, tokens.length - 1)
}

/** The whole name, divided where it may be cut: for lists in which names are of many kinds. */
export function wholeLabel(name: string, families: NameFamilies): RunLabel {
  const tokens = tokensOf(name)
  return divided(name, tokens.slice(0, leadTokens(tokens, families)).join('').length)
}

function divided(name: string, lead: number): RunLabel {
  const at = lead > 0 ? lead : cutOfPart(name)
  const pieces = tokensOf(name.slice(at)).map((text) => ({ text, shown: true }))
  return { lead: { text: name.slice(0, at), shown: true }, pieces, note: '' }
}

/** Where a name that has no parts is cut: before its last words. */
function cutOfPart(name: string): number {
  if (name.length <= longestPart || separators.test(name)) return 0
  return name.lastIndexOf(' ', name.length - shortestEnd) + 1
}

/**
 * Calls runs by what tells them apart: what all their names share is not shown, and runs with the same name are told
 * apart by what they differ in, or by number.
 */
export function runLabels(runs: readonly Run[]): ReadonlyMap<string, RunLabel> {
  const names = [...new Set(runs.map(({ name }) => name))]
  const families = nameFamilies(names)
  const notes = notesOf(runs)
  const split = new Map(names.map((name) => [name, tokensOf(name)]))
  const isOneFamily = names.length > 1 && new Set([...split.values()].map(([first]) => first)).size === 1
  const parts = [...split.values()].map((tokens) => new Set(tokens))
  const isShared = (part: string): boolean => names.length > 1 && parts.every((one) => one.has(part))
  const labels = new Map(names.map((name) => [name, labelOf(name, families, { isOneFamily, isShared })]))
  return new Map(runs.map(({ id, name }) => [id, { ...labels.get(name)!, note: notes.get(id) ?? '' }]))
}

interface Beside {
  /** Whether all names begin with the same part. */
  readonly isOneFamily: boolean
  readonly isShared: (part: string) => boolean
}

function labelOf(name: string, families: NameFamilies, { isOneFamily, isShared }: Beside): RunLabel {
  const tokens = tokensOf(name)
  // Among names of several kinds only their titles give way.
  const count = Math.min(leadTokens(tokens, families), isOneFamily ? Infinity : 2)
  const whole = divided(name, tokens.slice(0, count).join('').length)
  if (count === 0) return whole
  const lead = { ...whole.lead, shown: !isOneFamily }
  const rest = tokens.slice(count)
  const told = rest.map((part, index) => index % 2 === 0 && !isShared(part))
  const first = told.indexOf(true)
  if (first < 0) return { ...whole, lead }
  const pieces = rest.map((text, index) => ({
    text,
    shown: index % 2 === 0 ? told[index]! : told[index + 1]! && index > first,
  }))
  return { lead, pieces, note: '' }
}

/** What tells runs of the same name apart, by id. */
function notesOf(runs: readonly Run[]): ReadonlyMap<string, string> {
  const notes = new Map<string, string>()
  for (const same of Map.groupBy(runs, ({ name }) => name).values()) {
    if (same.length === 1) continue
    const words = differingWords(same)
    same.forEach(({ id }, index) => notes.set(id, ` (${words?.[index] ?? index + 1})`))
  }
  return notes
}

/** In words what each run has otherwise than the others; null when that does not tell all of them apart. */
function differingWords(runs: readonly Run[]): string[] | null {
  const paths = differences(runs.map(({ spec }) => spec)).map(({ path }) => path)
  const words = runs.map(({ spec }) => {
    const seed = paths.includes('training.seed') ? [`seed ${spec.training.seed}`] : []
    return [...changeWords(spec, paths, []), ...seed].join(', ')
  })
  return new Set(words).size === runs.length && !words.includes('') ? words : null
}

/** A label as text, for the choices of a list: “Small Alex… dropout 0.25, seed 2”. */
export function labelText({ lead, pieces, note }: RunLabel): string {
  const shown = pieces.filter((piece) => piece.shown).map(({ text }) => text)
  return (lead.shown ? shortLead(lead.text) : '') + shown.join('') + note
}

function shortLead(lead: string): string {
  return lead.length <= longestLead ? lead : `${lead.slice(0, longestLead - 2).trimEnd()}… `
}
