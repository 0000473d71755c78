import { gridSchema, type Grid, type NewGrid } from '../../domain/grid/grid.ts'
import type { RunId } from '../../domain/ids.ts'
import { upgradeSpec } from '../../domain/spec/upgrade.ts'
import { transact, type ReadableDatabase, type WritableDatabase } from '../database.ts'
import { parseJson, parseStored } from './json-columns.ts'

interface GridRow {
  id: number
  name: string
  spec: string
  factors: string
  created_at: number
}

export interface GridReader {
  /** Newest first, each with those of its runs that are outside the trash; a grid without any is left out. */
  list(): Grid[]
}

export interface GridWriter extends GridReader {
  /** Records runs that are there as a grid; the cells of the grid are in their order. */
  insert(grid: NewGrid, runs: readonly { readonly id: RunId; readonly createdAt: number }[]): void
}

export function gridReader(database: ReadableDatabase): GridReader {
  const grids = database.prepare<[], GridRow>('SELECT * FROM grids ORDER BY id DESC')
  const members = database.prepare<[number], { runId: RunId; cell: number }>(`
    SELECT run_id AS runId, cell FROM grid_runs JOIN runs ON runs.id = run_id
    WHERE grid_id = ? AND deleted_at IS NULL ORDER BY cell, runs.rowid`)
  const assemble = ({ id, name, spec, factors, created_at: createdAt }: GridRow): Grid => {
    const what = `grid ${id}`
    const parts = { spec: upgradeSpec(parseJson(spec, what)), factors: parseJson(factors, what) }
    return parseStored(gridSchema, { id, name, createdAt, ...parts, runs: members.all(id) }, what)
  }
  return {
    list: () =>
      grids
        .all()
        .map(assemble)
        .filter(({ runs }) => runs.length > 0),
  }
}

/** Queries and changes of the grids. */
export function gridWriter(database: WritableDatabase): GridWriter {
  const insert = database.prepare<[string, string, string, number], { id: number }>(
    'INSERT INTO grids (name, spec, factors, created_at) VALUES (?, ?, ?, ?) RETURNING id',
  )
  const join = database.prepare('INSERT INTO grid_runs (grid_id, run_id, cell) VALUES (?, ?, ?)')
  return {
    ...gridReader(database),
    insert: ({ name, spec, factors, cells }, runs) =>
      transact(database, () => {
        const created = Math.round(Math.max(...runs.map(({ createdAt }) => createdAt)))
        const { id } = insert.get(name, JSON.stringify(spec), JSON.stringify(factors), created)!
        runs.forEach((run, index) => join.run(id, run.id, cells[index]!))
      }),
  }
}
