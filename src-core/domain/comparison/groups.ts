import type { DatasetInfo } from '../dataset.ts'
import type { Run } from '../run.ts'
import { valueAtPath } from '../query/run-source.ts'
import { makesVariant, variantKey } from '../spec/parts.ts'
import { differences, flattenSpec } from '../spec/paths.ts'
import { changeWords } from '../spec/run-name.ts'

/** By which fields of the spec runs are put together. */
export type GroupBy = 'everything-but-seed' | readonly string[]

/** Runs that share what they are grouped by. */
export interface RunSet {
  /** The same for the same fields with the same values, whichever other sets there are. */
  readonly key: string
  readonly runs: readonly Run[]
}

/** Runs that are the same experiment, seeds apart. */
export interface RunGroup extends RunSet {
  /** What tells this group from the others, in words: "LRN, dropout 0.5". */
  readonly label: string
  /** The values of the fields in which the groups differ. */
  readonly values: Readonly<Record<string, unknown>>
}

/** A function that tells runs apart. A field that is not there is another value than null. */
function keyReader(by: GroupBy): (run: Run) => string {
  if (by === 'everything-but-seed') return ({ spec }) => variantKey(spec)
  const paths = by.toSorted().map((path) => path.split('.'))
  return ({ spec }) => paths.map((keys) => JSON.stringify(valueAtPath(spec, keys)) ?? 'absent').join('\n')
}

/**
 * Puts runs together that have the same values: of everything but the seed, or of the fields that are named. In the
 * order in which the sets first occur. The recipe's name does not count: it decides no number. Quick enough for ten
 * thousand runs.
 */
export function gatherRuns(runs: readonly Run[], by: GroupBy): RunSet[] {
  return [...Map.groupBy(runs, keyReader(by))].map(([key, members]) => ({ key, runs: members }))
}

/** The paths in which the first runs of the groups differ; by given paths, only those. */
function differingPaths(runs: readonly Run[], by: GroupBy): string[] {
  const paths = differences(runs.map(({ spec }) => spec)).map(({ path }) => path)
  return paths.filter((path) => (by === 'everything-but-seed' ? makesVariant(path) : by.includes(path)))
}

/** Two groups that words alone do not tell apart are numbered. */
function distinct(labels: readonly string[]): string[] {
  return labels.map((label, index) => {
    const same = labels.filter((other) => other === label).length
    return same > 1 ? `${label} (${labels.slice(0, index + 1).filter((other) => other === label).length})` : label
  })
}

function labelOf(run: Run, paths: readonly string[], datasets: readonly DatasetInfo[]): string {
  if (paths.length === 0) return 'All runs'
  const words = changeWords(run.spec, paths, datasets)
  if (words.length > 0) return words.join(', ')
  return paths.map((path) => `${path} ${JSON.stringify(flattenSpec(run.spec)[path] ?? null)}`).join(', ')
}

/**
 * The runs as `gatherRuns` puts them together, each set with what tells it from the others.
 * @param datasets those that exist, for their titles in the labels.
 */
export function groupRuns(runs: readonly Run[], by: GroupBy, datasets: readonly DatasetInfo[] = []): RunGroup[] {
  const sets = gatherRuns(runs, by)
  const firsts = sets.map((set) => set.runs[0]!)
  const paths = differingPaths(firsts, by)
  const labels = distinct(firsts.map((run) => labelOf(run, paths, datasets)))
  return sets.map((set, index) => {
    const flat = flattenSpec(set.runs[0]!.spec)
    return { ...set, label: labels[index]!, values: Object.fromEntries(paths.map((path) => [path, flat[path]])) }
  })
}
