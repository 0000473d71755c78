import { spreadOf } from '../../statistics/spread.ts'
import { criticalT } from '../../statistics/tests/distributions.ts'

/** The objective of one run as it was logged, steps rising. */
export interface RunCurve {
  readonly runId: string
  readonly steps: readonly number[]
  readonly values: readonly number[]
  /** Whether it could be stopped: it trains or waits. */
  readonly stoppable: boolean
  /** Whether it has come to its end, so that its last value is what it came to: finished or diverged. */
  readonly ended: boolean
}

export interface CellCurves {
  readonly cell: number
  readonly runs: readonly RunCurve[]
}

/** A cell that is behind the best one by more than chance and the margin explain. */
export interface DominatedCell {
  readonly cell: number
  /** The furthest step of the cell, at which both were compared. */
  readonly step: number
  readonly mean: number
  readonly best: { readonly cell: number; readonly mean: number; readonly edge: number }
  /** The runs that can be stopped. */
  readonly runIds: readonly string[]
}

export interface DominanceQuestion {
  readonly cells: readonly CellCurves[]
  readonly higher: boolean
  /** In units of the objective, beyond the interval of the best cell. */
  readonly margin: number
}

/**
 * The cells that are worse than the best cell's 95 % interval by a margin, at the furthest step of each. Only runs that
 * have got as far or have ended count, with the last finite value logged up to that step: one that has just begun says
 * nothing of its cell. The best cell needs two such runs: a single one has no interval, and nothing is named.
 */
export function dominatedCells({ cells, higher, margin }: DominanceQuestion): DominatedCell[] {
  return cells.flatMap((cell) => {
    const runIds = cell.runs.filter(({ stoppable }) => stoppable).map(({ runId }) => runId)
    const step = reached(cell)
    if (runIds.length === 0 || step === null) return []
    const own = meanAt(cell, step)
    const best = bestAt(cells, step, higher)
    if (!own || !best || best.cell === cell.cell) return []
    const behind = higher ? best.edge - own.mean : own.mean - best.edge
    return behind > margin ? [{ cell: cell.cell, step, mean: own.mean, best, runIds }] : []
  })
}

/** The last step at which any run of the cell has logged a finite value. */
function reached({ runs }: CellCurves): number | null {
  const last = runs.flatMap(({ steps, values }) => steps.filter((_, index) => Number.isFinite(values[index])).slice(-1))
  return last.length === 0 ? null : Math.max(...last)
}

function valueAt({ steps, values }: RunCurve, step: number): number | null {
  for (let index = steps.length - 1; index >= 0; index--) {
    if (steps[index]! <= step && Number.isFinite(values[index])) return values[index]!
  }
  return null
}

function meanAt({ runs }: CellCurves, step: number) {
  const there = runs.filter(({ steps, ended }) => ended || (steps.at(-1) ?? -1) >= step)
  return spreadOf(there.map((run) => valueAt(run, step)))
}

/** The best mean at a step, with the worse edge of its interval. */
function bestAt(cells: readonly CellCurves[], step: number, higher: boolean): DominatedCell['best'] | null {
  let best: DominatedCell['best'] | null = null
  for (const cell of cells) {
    const spread = meanAt(cell, step)
    if (!spread || spread.standardDeviation === null) continue
    const half = (criticalT(spread.count - 1) * spread.standardDeviation) / Math.sqrt(spread.count)
    const better = best === null || (higher ? spread.mean > best.mean : spread.mean < best.mean)
    if (better) best = { cell: cell.cell, mean: spread.mean, edge: spread.mean + (higher ? -half : half) }
  }
  return best
}
