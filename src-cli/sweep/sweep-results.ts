import { metricNames } from '../../src-core/domain/metrics.ts'
import type { Run } from '../../src-core/domain/run.ts'
import type { RunState } from '../../src-core/domain/run-status.ts'
import { firstReached } from '../../src-core/domain/schedule/goal.ts'
import type { Goal } from '../../src-core/domain/spec/templates.ts'
import type { ReadableWorkspace } from '../../src-core/storage/workspace.ts'
import { formatNumber, formatPercent } from '../terminal/format.ts'
import { printWideTable, type Column } from '../terminal/output.ts'

/** What became of one run of a sweep. Accuracies are shares, 0 to 1; null where nothing was logged. */
export interface SweepRow {
  readonly run: string
  readonly name: string
  readonly state: RunState
  /** Mean over the steps of the last epoch. */
  readonly trainAccuracy: number | null
  readonly bestValidationAccuracy: number | null
  readonly testAccuracy: number | null
  /** Epoch at which the goal was first reached; null when there is no goal or it was not. */
  readonly reached: number | null
}

type History = Pick<ReadableWorkspace, 'metrics'>

function highest(values: readonly number[]): number | null {
  return values.reduce<number | null>(
    (best, value) => (Number.isFinite(value) && (best === null || value > best) ? value : best),
    null,
  )
}

function meanOfLast(values: readonly number[], count: number): number | null {
  const last = values.slice(-Math.max(count, 1)).filter(Number.isFinite)
  return last.length === 0 ? null : last.reduce((sum, value) => sum + value, 0) / last.length
}

/** The results of a run from its whole history: `run.best` follows whatever metric selects the checkpoint. */
export function sweepRow({ metrics }: History, run: Run, goal: Goal | null): SweepRow {
  const accuracies = [...metrics.export(run.id, metricNames.validationAccuracy)].map(({ value }) => value)
  const training = [...metrics.export(run.id, metricNames.trainAccuracy)].map(({ value }) => value)
  const points = goal ? [...metrics.export(run.id, goal.metric)] : []
  return {
    run: run.id,
    name: run.name,
    state: run.state,
    trainAccuracy: meanOfLast(training, run.stepsPerEpoch ?? 1),
    bestValidationAccuracy: highest(accuracies),
    testAccuracy: run.last[metricNames.testAccuracy] ?? null,
    reached: goal ? firstReached(points, goal.atLeast, goal.window) : null,
  }
}

export function printSweepTable(rows: readonly SweepRow[], goal: Goal | null): void {
  const reached: Column<SweepRow> = {
    title: goal?.title ?? '',
    value: (row) => (row.reached === null ? 'not reached' : formatNumber(row.reached, 2)),
    align: 'right',
  }
  printWideTable<SweepRow>(
    [
      { title: 'Run', value: (row) => row.run },
      { title: 'Name', value: (row) => row.name },
    ],
    [
      { title: 'State', value: (row) => row.state },
      { title: 'Training in the last epoch, %', value: (row) => formatPercent(row.trainAccuracy), align: 'right' },
      {
        title: 'Best validation accuracy, %',
        value: (row) => formatPercent(row.bestValidationAccuracy),
        align: 'right',
      },
      { title: 'Test accuracy, %', value: (row) => formatPercent(row.testAccuracy), align: 'right' },
      ...(goal ? [reached] : []),
    ],
    rows,
  )
}
