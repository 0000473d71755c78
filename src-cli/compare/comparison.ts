import { budgetText, reaches, valueWithin, type Budget } from '../../src-core/domain/comparison/budget.ts'
import { groupRuns, type GroupBy } from '../../src-core/domain/comparison/groups.ts'
import {
  measureGroups,
  unfinishedReason,
  unusableReason,
  type MeasuredGroup,
  type RunReading,
} from '../../src-core/domain/comparison/measured-groups.ts'
import {
  raceSentence,
  rankAt,
  reigns,
  type Contestant,
  type Ranked,
  type RacingRun,
} from '../../src-core/domain/comparison/race.ts'
import { columnsOf, readSeries, type MetricChoice, type Reached } from '../../src-core/domain/comparison/readings.ts'
import { verdicts, type Verdict } from '../../src-core/domain/comparison/verdict.ts'
import type { Run } from '../../src-core/domain/run.ts'
import { differences, type SpecDifference } from '../../src-core/domain/spec/paths.ts'
import type { ReadableWorkspace } from '../../src-core/storage/workspace.ts'
import { gridCells, type GridCells } from './grid-cells.ts'

type History = Pick<ReadableWorkspace, 'metrics' | 'datasets' | 'grids'>

/** What is to be compared, and how. */
export interface ComparisonRequest {
  readonly runs: readonly Run[]
  readonly choice: MetricChoice
  readonly groupBy: GroupBy
  readonly budget: Budget | null
  /** A run of the group that all others are compared with; null for all pairs. */
  readonly baseline: Run | null
  /** Whether runs count that did not finish; at a budget, whether those do that diverged. */
  readonly unfinished: boolean
}

/** The best and the last value of one metric in each run, in the order of the runs; null where nothing was logged. */
export interface ResultRow {
  readonly metric: string
  readonly best: readonly (Reached | null)[]
  readonly last: readonly (Reached | null)[]
}

export interface BudgetRanking {
  readonly ranked: readonly Ranked[]
  /** Who leads at which budgets; empty where there is nothing to say. */
  readonly sentence: string
}

export interface RunComparison extends ComparisonRequest {
  readonly differences: readonly SpecDifference[]
  readonly results: readonly ResultRow[]
  readonly groups: readonly MeasuredGroup[]
  /** The runs in the grid that all of them are of; null without one. */
  readonly grid: GridCells | null
  readonly verdicts: readonly Verdict[]
  /** The runs at the budget; null without one. */
  readonly ranking: BudgetRanking | null
}

/** The whole history of a metric: every value that was logged. */
function historyOf({ metrics }: History, run: Run, metric: string): RacingRun {
  const points = metrics.names(run.id).includes(metric) ? [...metrics.export(run.id, metric)] : []
  return { run, columns: columnsOf(points.map(({ value, ...at }) => ({ ...at, last: value, min: value, max: value }))) }
}

function resultRows(workspace: History, runs: readonly Run[], budget: Budget | null): ResultRow[] {
  const names = [...new Set(runs.flatMap(({ id }) => workspace.metrics.names(id)))].sort()
  return names.map((metric) => {
    const histories = runs.map((run) => historyOf(workspace, run, metric))
    const read =
      (reading: MetricChoice['reading']) =>
      ({ run, columns }: RacingRun) =>
        budget ? valueWithin(columns, run.spec, budget, { metric, reading }) : readSeries(columns, { metric, reading })
    return { metric, best: histories.map(read('best')), last: histories.map(read('last')) }
  })
}

function rankRuns(racing: readonly RacingRun[], budget: Budget, choice: MetricChoice): BudgetRanking {
  const contestants = racing.map((one): Contestant => ({ key: one.run.id, label: one.run.name, runs: [one] }))
  const sentence = raceSentence(reigns(contestants, budget.kind, choice), contestants, budget.kind)
  return { ranked: rankAt(contestants, budget, choice), sentence }
}

/** A run's number: within the budget, if there is one and the run got as far. */
function readingOf({ run, columns }: RacingRun, { choice, budget }: ComparisonRequest): RunReading {
  if (budget && !reaches(run, budget)) return { missing: `did not reach ${budgetText(budget)}` }
  const found = budget ? valueWithin(columns, run.spec, budget, choice) : readSeries(columns, choice)
  return found ?? { missing: `has no ${choice.metric}${budget ? ' within the budget' : ''}` }
}

/** Compares runs by all that the record knows of them. */
export function compareRuns(workspace: History, request: ComparisonRequest): RunComparison {
  const { runs, choice, budget, baseline } = request
  const racing = new Map(runs.map((run) => [run.id, historyOf(workspace, run, choice.metric)]))
  const groups = measureGroups(
    groupRuns(runs, request.groupBy, workspace.datasets.list()),
    ({ id }) => readingOf(racing.get(id)!, request),
    request.unfinished ? () => null : budget ? unusableReason : unfinishedReason,
  )
  const ranked = [...racing.values()].filter(({ run }) => request.unfinished || unusableReason(run) === null)
  const base = groups.find(({ runs: members }) => members.some(({ id }) => id === baseline?.id))
  return {
    ...request,
    differences: differences(runs.map(({ spec }) => spec)),
    results: resultRows(workspace, runs, budget),
    groups,
    grid: gridCells(workspace, runs, groups),
    verdicts: verdicts(groups, choice, base?.key ?? null),
    ranking: budget && rankRuns(ranked, budget, choice),
  }
}
