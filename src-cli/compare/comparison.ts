import {
  budgetText,
  reaches,
  uncountableReason,
  valueWithin,
  type Budget,
} from '../../src-core/domain/comparison/budget.ts'
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
import { columnsOf, readSummary, type MetricChoice, type Reached } from '../../src-core/domain/comparison/readings.ts'
import { verdicts, type Verdict } from '../../src-core/domain/comparison/verdict.ts'
import { hasBest } from '../../src-core/domain/metrics.ts'
import type { Run } from '../../src-core/domain/run.ts'
import { differences, type SpecDifference } from '../../src-core/domain/spec/paths.ts'
import { noSmoothing } from '../../src-core/domain/statistics/series-smoothing.ts'
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

/**
 * The best and the last value of one metric in each run, in the order of the runs; null where nothing was logged. No best
 * values of a metric of which neither way is better.
 */
export interface ResultRow {
  readonly metric: string
  readonly best: readonly (Reached | null)[]
  readonly last: readonly (Reached | null)[]
}

export interface BudgetRanking {
  readonly ranked: readonly Ranked[]
  /** The step at which each run's value was read, by id; null without a value. */
  readonly readAt: Readonly<Record<string, number | null>>
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

/** The whole history of a metric in columns: every value that was logged. */
function historyOf({ metrics }: History, run: Run, metric: string): RacingRun {
  const whole = { fromStep: null, toStep: null, maxPoints: Number.MAX_SAFE_INTEGER, smoothing: noSmoothing }
  const [series] = metrics.drawn({ runIds: [run.id], metrics: [metric], ...whole })
  return { run, columns: series?.columns ?? columnsOf([]) }
}

type FindHistory = (run: Run, metric: string) => RacingRun

/** Reads histories when they are asked for. Those of the metric that decides are wanted several times and read once. */
function historyFinder(workspace: History, decisive: string): FindHistory {
  const known = new Map<string, RacingRun>()
  return (run, metric) => {
    if (metric !== decisive) return historyOf(workspace, run, metric)
    const read = known.get(run.id) ?? historyOf(workspace, run, metric)
    known.set(run.id, read)
    return read
  }
}

/** Reads a run's numbers of one metric: at a budget from its history, otherwise from what the record has summed up. */
function readerOf(
  findHistory: FindHistory,
  run: Run,
  metric: string,
  budget: Budget | null,
): (reading: MetricChoice['reading']) => Reached | null {
  if (!budget) return (reading) => readSummary(run.metrics[metric], { metric, reading })
  const { columns } = findHistory(run, metric)
  return (reading) => valueWithin(columns, run.spec, budget, { metric, reading })
}

function resultRows(findHistory: FindHistory, runs: readonly Run[], budget: Budget | null): ResultRow[] {
  const names = [...new Set(runs.flatMap(({ metrics }) => Object.keys(metrics)))].sort()
  return names.map((metric) => {
    const readers = runs.map((run) => readerOf(findHistory, run, metric, budget))
    const read = (reading: MetricChoice['reading']) => readers.map((reader) => reader(reading))
    return { metric, best: hasBest(metric) ? read('best') : [], last: read('last') }
  })
}

function rankRuns(racing: readonly RacingRun[], budget: Budget, choice: MetricChoice): BudgetRanking {
  const contestants = racing.map((one): Contestant => ({ key: one.run.id, label: one.run.name, runs: [one] }))
  const sentence = raceSentence(reigns(contestants, budget.kind, choice), contestants, budget.kind)
  const readAt = racing.map(({ run, columns }) => {
    return [run.id, valueWithin(columns, run.spec, budget, choice)?.step ?? null] as const
  })
  return { ranked: rankAt(contestants, budget, choice), readAt: Object.fromEntries(readAt), sentence }
}

/** Why a run does not count; null for one that does. */
function reasonToLeaveOut({ budget, unfinished }: ComparisonRequest): (run: Run) => string | null {
  return (run) => {
    const uncountable = budget && uncountableReason(run, budget.kind)
    if (uncountable || unfinished) return uncountable
    return budget ? unusableReason(run) : unfinishedReason(run)
  }
}

/** A run's number: within the budget, if there is one and the run got as far. */
function readingOf(findHistory: FindHistory, run: Run, { choice, budget }: ComparisonRequest): RunReading {
  if (budget && !reaches(run, budget)) return { missing: `did not reach ${budgetText(budget)}` }
  const found = readerOf(findHistory, run, choice.metric, budget)(choice.reading)
  return found ?? { missing: `has no ${choice.metric}${budget ? ' within the budget' : ''}` }
}

/** Compares runs by all that the record knows of them. */
export function compareRuns(workspace: History, request: ComparisonRequest): RunComparison {
  const { runs, choice, budget, baseline } = request
  const leaveOut = reasonToLeaveOut(request)
  const findHistory = historyFinder(workspace, choice.metric)
  const groups = measureGroups(
    groupRuns(runs, request.groupBy, workspace.datasets.list()),
    (run) => readingOf(findHistory, run, request),
    leaveOut,
  )
  const racing = budget
    ? runs.filter((run) => leaveOut(run) === null).map((run) => findHistory(run, choice.metric))
    : []
  const base = groups.find(({ runs: members }) => members.some(({ id }) => id === baseline?.id))
  return {
    ...request,
    differences: differences(runs.map(({ spec }) => spec)),
    results: resultRows(findHistory, runs, budget),
    groups,
    grid: gridCells(workspace, runs, groups),
    verdicts: verdicts(groups, choice, base?.key ?? null),
    ranking: budget && rankRuns(racing, budget, choice),
  }
}
