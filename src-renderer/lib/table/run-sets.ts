import type { Run } from '../../../src-core/domain/run.ts'
import { variantKey } from '../../../src-core/domain/spec/parts.ts'
import { flattenSpec } from '../../../src-core/domain/spec/paths.ts'

/** One run of every variant and recipe: enough to know which fields there are and what they can be. */
export function oneOfEachVariant(runs: readonly Run[]): Run[] {
  return [
    ...new Map(runs.map((run) => [`${run.spec.version} ${run.spec.recipe} ${variantKey(run.spec)}`, run])).values(),
  ]
}

/** Every path of the runs' specs. */
export function pathsOf(runs: readonly Run[]): string[] {
  return [...new Set(runs.flatMap(({ spec }) => Object.keys(flattenSpec(spec))))]
}

/** The run that takes the place of the current one when runs leave the table: the next that stays, else the one before. */
export function successorOf(rows: readonly Run[], currentId: string, leaving: readonly string[]): string | null {
  const gone = new Set(leaving)
  const from = rows.findIndex(({ id }) => id === currentId)
  const after = rows.slice(from).find(({ id }) => !gone.has(id))
  const before = rows.slice(0, from).findLast(({ id }) => !gone.has(id))
  return (after ?? before)?.id ?? null
}

/** Tags after some were added and others removed, in alphabetical order. */
export function changedTags(tags: readonly string[], add: readonly string[], remove: readonly string[]): string[] {
  return [...new Set([...tags.filter((tag) => !remove.includes(tag)), ...add])].sort()
}
