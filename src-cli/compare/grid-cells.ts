import type { MeasuredGroup } from '../../src-core/domain/comparison/measured-groups.ts'
import type { CellRun } from '../../src-core/domain/grid/cell-table.ts'
import { factorsOfGrid, type PlacedRuns } from '../../src-core/domain/grid/factors.ts'
import type { Grid } from '../../src-core/domain/grid/grid.ts'
import type { Run } from '../../src-core/domain/run.ts'
import { spreadOf } from '../../src-core/domain/statistics/spread.ts'
import type { ReadableWorkspace } from '../../src-core/storage/workspace.ts'

/** Compared runs at their places in the grid that all of them were made for. */
export interface GridCells {
  readonly name: string
  /** By the factors in which the compared runs differ. */
  readonly placed: PlacedRuns
  /** In the order of the runs. Those that do not count in the groups have no value here either. */
  readonly runs: readonly Omit<CellRun, 'levels'>[]
}

/** The grid that all of these runs were recorded as; null where there is none. */
export function gridOfRuns({ grids }: Pick<ReadableWorkspace, 'grids'>, runs: readonly Pick<Run, 'id'>[]): Grid | null {
  const found = grids.list().find((grid) => {
    const members = new Set(grid.runs.map(({ runId }) => runId))
    return runs.every(({ id }) => members.has(id))
  })
  return found ?? null
}

/** Without the factors of which the runs have one level alone. */
function varied({ factors, levels }: PlacedRuns): PlacedRuns {
  const kept = factors.map((_, factor) => new Set(levels.map((own) => own[factor])).size > 1)
  return {
    factors: factors.filter((_, factor) => kept[factor]),
    levels: levels.map((own) => own.filter((_, factor) => kept[factor])),
  }
}

/** The cells of the grid that the runs are of, with the values that the groups were measured by; null without one. */
export function gridCells(
  workspace: Pick<ReadableWorkspace, 'grids'>,
  runs: readonly Run[],
  groups: readonly MeasuredGroup[],
): GridCells | null {
  const grid = gridOfRuns(workspace, runs)
  if (!grid) return null
  const values = new Map(groups.flatMap(({ measured }) => measured.map(({ run, value }) => [run.id, value] as const)))
  return {
    name: grid.name,
    placed: varied(factorsOfGrid(grid, runs)),
    runs: runs.map(({ id, state, step, totalSteps }) => ({
      id,
      state,
      value: values.get(id) ?? null,
      progress: totalSteps ? step / totalSteps : 0,
    })),
  }
}

/** The cells as plain data: the value of each factor, the runs, and the spread of those that count. */
export function gridJson({ name, placed: { factors, levels }, runs }: GridCells) {
  const byPlace = new Map<string, { readonly own: readonly number[]; readonly members: Omit<CellRun, 'levels'>[] }>()
  levels.forEach((own, index) => {
    const key = own.join()
    const cell = byPlace.get(key) ?? { own, members: [] }
    cell.members.push(runs[index]!)
    byPlace.set(key, cell)
  })
  return {
    name,
    factors: factors.map((factor) => ({ id: factor.id, levels: factor.levels.map(({ value }) => value) })),
    cells: [...byPlace.values()].map(({ own, members }) => {
      const spread = spreadOf(members.map(({ value }) => value))
      return {
        levels: Object.fromEntries(
          own.map((level, index) => [factors[index]!.id, factors[index]!.levels[level]!.value]),
        ),
        runs: members.map(({ id }) => id),
        n: spread?.count ?? 0,
        mean: spread?.mean ?? null,
        standardDeviation: spread?.standardDeviation ?? null,
      }
    }),
  }
}
