import { spreadOf, type Spread } from '../statistics/spread.ts'
import type { RunState } from '../run-status.ts'

/** A run as a cell counts it. */
export interface CellRun {
  readonly id: string
  /** The level of each factor, by number. */
  readonly levels: readonly number[]
  /** The objective; null where it was not logged, NaN or infinite where it is not finite. */
  readonly value: number | null
  readonly state: RunState
  /** Share of the steps that are done, 0 to 1. */
  readonly progress: number
}

/** All runs at one place of the table. */
export interface TableCell {
  readonly row: number
  readonly column: number
  readonly runs: readonly CellRun[]
  /** Over the runs with a finite value; null where none has one. */
  readonly spread: Spread | null
  /** Mean share of the steps that are done. */
  readonly progress: number
  /** How many runs are in each state, in the order in which the states first come. */
  readonly states: readonly { readonly state: RunState; readonly count: number }[]
}

export interface TableRequest {
  readonly runs: readonly CellRun[]
  /** Number of the factor in the rows and in the columns; null for a single row or column. */
  readonly rows: { readonly factor: number; readonly size: number } | null
  readonly columns: { readonly factor: number; readonly size: number } | null
  /** Levels that other factors are held at, by factor; what is not named is aggregated. */
  readonly held?: Readonly<Record<number, number>>
}

/** Mean and spread per combination of two factors, the others held at a level or taken together. Row by row. */
export function cellTable({ runs, rows, columns, held = {} }: TableRequest): TableCell[] {
  const shown = runs.filter(({ levels }) =>
    Object.entries(held).every(([factor, level]) => levels[Number(factor)] === level),
  )
  const size = columns?.size ?? 1
  const places: CellRun[][] = Array.from({ length: (rows?.size ?? 1) * size }, () => [])
  for (const run of shown) {
    const row = rows ? run.levels[rows.factor]! : 0
    const column = columns ? run.levels[columns.factor]! : 0
    places[row * size + column]?.push(run)
  }
  return places.map((found, index) => cellOf(found, Math.floor(index / size), index % size))
}

function cellOf(runs: readonly CellRun[], row: number, column: number): TableCell {
  const counts = new Map<RunState, number>()
  for (const { state } of runs) counts.set(state, (counts.get(state) ?? 0) + 1)
  return {
    row,
    column,
    runs,
    spread: spreadOf(runs.map(({ value }) => value)),
    progress: runs.length === 0 ? 0 : runs.reduce((sum, { progress }) => sum + progress, 0) / runs.length,
    states: [...counts].map(([state, count]) => ({ state, count })),
  }
}

/** The cell with the best mean; null when none has a value. */
export function bestCell(cells: readonly TableCell[], higher: boolean): TableCell | null {
  return cells.reduce<TableCell | null>((best, cell) => {
    if (!cell.spread) return best
    if (!best?.spread) return cell
    return higher === cell.spread.mean > best.spread.mean && cell.spread.mean !== best.spread.mean ? cell : best
  }, null)
}
