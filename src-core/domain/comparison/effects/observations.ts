import type { CellRun } from '../../grid/cell-table.ts'

/** A run as an effect sees it: the level of each factor, by number, and a finite objective. */
export interface Observation {
  readonly levels: readonly number[]
  readonly value: number
}

/** The mean over the runs of one combination of levels. */
export interface CellMean {
  readonly levels: readonly number[]
  readonly mean: number
  readonly count: number
  /** Sum of the squared deviations of its runs from the mean. */
  readonly squares: number
}

/** The runs that have a finite value. */
export function observationsOf(runs: readonly CellRun[]): Observation[] {
  return runs.flatMap(({ levels, value }) => (value !== null && Number.isFinite(value) ? [{ levels, value }] : []))
}

/** The mean of each combination that has runs, in the order in which combinations first come. */
export function cellMeans(observations: readonly Observation[]): CellMean[] {
  const groups = new Map<string, Observation[]>()
  for (const observation of observations) {
    const key = observation.levels.join(' ')
    groups.set(key, [...(groups.get(key) ?? []), observation])
  }
  return [...groups.values()].map((group) => {
    const mean = group.reduce((sum, { value }) => sum + value, 0) / group.length
    const squares = group.reduce((sum, { value }) => sum + (value - mean) ** 2, 0)
    return { levels: group[0]!.levels, mean, count: group.length, squares }
  })
}
