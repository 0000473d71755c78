import type { Run } from '../../../src-core/domain/run.ts'
import { textMatcher } from '../text-match.ts'

export interface FoundRuns {
  /** The newest of those that were found. */
  readonly runs: readonly Run[]
  /** How many were found. */
  readonly total: number
}

/** The newest `most` runs whose names hold every word of a search; those in the trash and in `without` are left out. */
export function findRuns(
  runs: readonly Run[],
  search: string,
  most: number,
  without: readonly string[] = [],
): FoundRuns {
  const fits = textMatcher(search)
  const left = new Set(without)
  const found = runs.filter(({ id, name, deletedAt }) => deletedAt === null && !left.has(id) && fits(name))
  // Lists come sorted by age, which costs the sorting nothing.
  return { runs: found.sort((a, b) => b.createdAt - a.createdAt).slice(0, most), total: found.length }
}
