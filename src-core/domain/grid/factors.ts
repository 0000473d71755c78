import { WorkbenchError } from '../errors.ts'
import type { Run } from '../run.ts'
import { makesVariant } from '../spec/parts.ts'
import { differences } from '../spec/paths.ts'
import { levelsOfCell, type Grid } from './grid.ts'

/** A level of a factor as runs are compared by it. */
export interface ComparedLevel {
  readonly name: string
  /** The value where it is a number; null for words, lists and named variants. */
  readonly number: number | null
  readonly value: unknown
}

/** A field (or a set of fields that always change together) in which runs differ. */
export interface ComparedFactor {
  readonly id: string
  /** The fields that change with it, the one that names it first. */
  readonly paths: readonly string[]
  readonly levels: readonly ComparedLevel[]
  /** All levels are numbers, in rising order. */
  readonly numeric: boolean
}

/** Runs placed in a grid: for each run the level of each factor, by number; null where it has none. */
export interface PlacedRuns {
  readonly factors: readonly ComparedFactor[]
  /** Run by run in the order given. */
  readonly levels: readonly (readonly number[])[]
}

type SpecOfRun = Pick<Run, 'id' | 'spec'>

/**
 * Places any runs in a grid by the fields of their specs that differ and can make another variant. Fields that change only together
 * are one factor: they cannot be told apart.
 * @param matters leaves out fields that have no effect, such as the parameter of another schedule.
 */
export function factorsOfRuns(runs: readonly SpecOfRun[], matters: (path: string) => boolean = () => true): PlacedRuns {
  const found = differences(runs.map(({ spec }) => spec)).filter(({ path }) => makesVariant(path) && matters(path))
  const byPattern = new Map<string, { path: string; values: readonly unknown[] }[]>()
  for (const { path, values } of found) {
    const pattern = patternOf(values)
    byPattern.set(pattern, [...(byPattern.get(pattern) ?? []), { path, values }])
  }
  const placed = [...byPattern.values()].map((together) => placeBy(together))
  return {
    factors: placed.map(({ factor }) => factor),
    levels: runs.map((_, run) => placed.map(({ levels }) => levels[run]!)),
  }
}

/** Which runs share a value, whatever the values are. */
function patternOf(values: readonly unknown[]): string {
  const seen: string[] = []
  return values
    .map((value) => {
      const text = JSON.stringify(value) ?? 'absent'
      if (!seen.includes(text)) seen.push(text)
      return seen.indexOf(text)
    })
    .join(' ')
}

function placeBy(together: readonly { path: string; values: readonly unknown[] }[]): {
  readonly factor: ComparedFactor
  readonly levels: readonly number[]
} {
  const { path, values } = together[0]!
  const key = (value: unknown): string => JSON.stringify(value) ?? 'absent'
  const different = [...new Map(values.map((value) => [key(value), value] as const)).values()]
  const numeric = different.every((value) => typeof value === 'number' && Number.isFinite(value))
  const ordered = numeric ? (different as number[]).sort((a, b) => a - b) : different
  const keys = ordered.map(key)
  return {
    factor: { id: path, paths: together.map((one) => one.path), levels: ordered.map(levelOf), numeric },
    levels: values.map((value) => keys.indexOf(key(value))),
  }
}

function levelOf(value: unknown): ComparedLevel {
  const number = typeof value === 'number' && Number.isFinite(value) ? value : null
  return { name: wordOf(value), number, value }
}

function wordOf(value: unknown): string {
  if (value === undefined) return 'not there'
  if (value === null) return 'none'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(wordOf).join(' ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/**
 * Places runs of a stored grid by the cells that they were made for.
 * @throws WorkbenchError `internal` for a run of other origin: it has no cell.
 */
export function factorsOfGrid(grid: Grid, runs: readonly SpecOfRun[]): PlacedRuns {
  const cells = new Map(grid.runs.map(({ runId, cell }) => [runId, cell]))
  const varied = grid.factors
    .map((factor, index) => ({ factor, index }))
    .filter(({ factor }) => factor.levels.length > 1)
  return {
    factors: varied.map(({ factor }) => {
      const single = factor.id !== 'variant'
      const levels = factor.levels.map(({ name, set }): ComparedLevel => {
        const value = single ? set[factor.id] : name
        return { name: single ? wordOf(value) : name, number: typeof value === 'number' ? value : null, value }
      })
      const paths = [...new Set(factor.levels.flatMap(({ set }) => Object.keys(set)))]
      return { id: factor.id, paths, levels, numeric: levels.every(({ number }) => number !== null) }
    }),
    levels: runs.map(({ id }) => {
      const cell = cells.get(id)
      if (cell === undefined)
        throw new WorkbenchError('internal', `The grid ${grid.name} has no cell for the run ${id}.`)
      const levels = levelsOfCell(grid.factors, cell)
      return varied.map(({ index }) => levels[index]!)
    }),
  }
}
