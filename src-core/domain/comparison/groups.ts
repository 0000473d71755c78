import type { DatasetInfo } from '../dataset.ts'
import type { Run } from '../run.ts'
import { makesVariant } from '../spec/parts.ts'
import { differences, flattenSpec } from '../spec/paths.ts'
import { changeWords } from '../spec/run-name.ts'

/** By which fields of the spec runs are put together. */
export type GroupBy = 'everything-but-seed' | readonly string[]

/** Runs that are the same experiment, seeds apart. */
export interface RunGroup {
  /** The same for the same fields with the same values, whichever other groups there are. */
  readonly key: string
  /** What tells this group from the others, in words: "LRN, dropout 0.5". */
  readonly label: string
  /** The values of the fields in which the groups differ. */
  readonly values: Readonly<Record<string, unknown>>
  readonly runs: readonly Run[]
}

/** The values of a run at the fields that count, in a fixed order. */
function valuesOf(run: Run, by: GroupBy): Record<string, unknown> {
  const flat = flattenSpec(run.spec)
  const paths = by === 'everything-but-seed' ? Object.keys(flat).filter(makesVariant) : by
  return Object.fromEntries(paths.toSorted().map((path) => [path, flat[path]]))
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
 * Puts runs together that have the same values: of everything but the seed, or of the fields that are named. In the
 * order in which the groups first occur. The recipe's name does not count: it decides no number.
 * @param datasets those that exist, for their titles in the labels.
 */
export function groupRuns(runs: readonly Run[], by: GroupBy, datasets: readonly DatasetInfo[] = []): RunGroup[] {
  const byKey = new Map<string, Run[]>()
  for (const run of runs) {
    const key = JSON.stringify(valuesOf(run, by))
    byKey.set(key, [...(byKey.get(key) ?? []), run])
  }
  const found = [...byKey]
  const firsts = found.map(([, members]) => members[0]!)
  const paths = differingPaths(firsts, by)
  const labels = distinct(firsts.map((run) => labelOf(run, paths, datasets)))
  return found.map(([key, members], index) => {
    const flat = flattenSpec(members[0]!.spec)
    const values = Object.fromEntries(paths.map((path) => [path, flat[path]]))
    return { key, label: labels[index]!, values, runs: members }
  })
}
