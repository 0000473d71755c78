import type { Run } from '../../../src-core/domain/run.ts'
import { remainingTime } from '../../../src-core/domain/run.ts'
import { isActive, runStates } from '../../../src-core/domain/run-status.ts'
import { metricNames } from '../../../src-core/domain/metrics.ts'
import { formatCompact, formatDate, formatDuration, formatFixed, formatNumber, missing } from '../format.ts'
import { bestCell, goodness, type BestHeading } from './best.ts'
import { normalizationShort } from './run-name.ts'
import { stateWords } from './run-states.ts'

type SortValue = string | number | null

export interface RunColumn {
  readonly id: string
  readonly title: string
  readonly unit?: string
  readonly numeric: boolean
  /** Width in pixels. */
  readonly width: number
  readonly value: (run: Run) => SortValue
  /** What stands in the cell; `best` says what the column of best values is about. */
  readonly text: (run: Run, best: BestHeading) => string
}

/** The learning rate that a run begins its schedule with, or its highest one. */
function statedRate({ spec: { training } }: Run): number {
  const { kind, table } = training.schedule
  return kind === 'table' ? table[0]!.learningRate : training.learningRate
}

function progressOf(run: Run): number {
  return run.totalSteps ? run.step / run.totalSteps : 0
}

const number = (id: string, title: string, width: number, rest: Pick<RunColumn, 'value' | 'text'>): RunColumn => ({
  id,
  title,
  width,
  numeric: true,
  ...rest,
})

/** The columns of the runs table in their order. Name, state and progress are drawn by their own components. */
export const runColumns: readonly RunColumn[] = [
  {
    id: 'name',
    title: 'Name',
    numeric: false,
    width: 272,
    value: (run) => run.name.toLowerCase(),
    text: (run) => run.name,
  },
  {
    id: 'state',
    title: 'State',
    numeric: false,
    width: 104,
    value: (run) => runStates.indexOf(run.state) + (run.queuePosition ?? 0) / 10_000,
    text: (run) => stateWords[run.state].word,
  },
  { id: 'progress', title: 'Progress', numeric: false, width: 132, value: progressOf, text: progressText },
  number('best', 'Best validation', 128, { value: ({ best }) => goodness(best), text: bestCell }),
  number('bestEpoch', 'At epoch', 72, {
    value: (run) => run.best?.epoch ?? null,
    text: (run) => formatFixed(run.best?.epoch, 0),
  }),
  number('left', 'Time left', 84, { value: timeLeft, text: (run) => formatDuration(timeLeft(run)) }),
  number('loss', 'Train loss', 80, {
    value: (run) => run.last[metricNames.trainLoss] ?? null,
    text: (run) => formatFixed(run.last[metricNames.trainLoss], 4),
  }),
  number('rate', 'Learning rate', 96, {
    value: statedRate,
    text: (run) => formatNumber(statedRate(run)),
  }),
  {
    id: 'normalization',
    title: 'Norm.',
    numeric: false,
    width: 60,
    value: (run) => run.spec.model.normalization.kind,
    text: (run) => normalizationShort[run.spec.model.normalization.kind],
  },
  number('dropout', 'Dropout', 72, {
    value: (run) => run.spec.model.dropout.rate,
    text: (run) => run.spec.model.dropout.rate.toFixed(2),
  }),
  number('seed', 'Seed', 56, { value: (run) => run.spec.training.seed, text: (run) => String(run.spec.training.seed) }),
  number('parameters', 'Parameters', 88, {
    value: (run) => run.parameters,
    text: (run) => formatCompact(run.parameters),
  }),
  number('active', 'Active time', 88, {
    value: (run) => run.activeTime,
    text: (run) => formatDuration(run.activeTime),
  }),
  number('created', 'Created', 108, { value: (run) => run.createdAt, text: (run) => formatDate(run.createdAt) }),
]

function timeLeft(run: Run): number | null {
  return run.state === 'running' ? remainingTime(run) : null
}

/** Percent of the steps, or the steps themselves while their number is unknown. */
export function progressText(run: Run): string {
  if (run.totalSteps === null) return run.step > 0 ? `step ${run.step}` : missing
  return `${Math.floor(progressOf(run) * 100)} %`
}

export interface Sorting {
  readonly column: string
  readonly descending: boolean
}

/** Sorted copy; runs without a value come last whatever the direction, equal ones newest first. */
export function sortRuns(runs: readonly Run[], { column, descending }: Sorting): Run[] {
  const value = (runColumns.find(({ id }) => id === column) ?? runColumns.at(-1)!).value
  const keyed = runs.map((run) => ({ run, key: value(run) }))
  keyed.sort((a, b) => compareKeys(a.key, b.key, descending) || b.run.createdAt - a.run.createdAt)
  return keyed.map(({ run }) => run)
}

function compareKeys(a: SortValue, b: SortValue, descending: boolean): number {
  const [aMissing, bMissing] = [isMissing(a), isMissing(b)]
  if (aMissing || bMissing) return Number(aMissing) - Number(bMissing)
  const order = a! < b! ? -1 : a! > b! ? 1 : 0
  return descending ? -order : order
}

function isMissing(value: SortValue): boolean {
  return value === null || (typeof value === 'number' && Number.isNaN(value))
}

export const runScopes = ['all', 'unfinished', 'deleted'] as const
export type RunScope = (typeof runScopes)[number]

export function inScope(run: Run, scope: RunScope): boolean {
  if (scope === 'deleted') return run.deletedAt !== null
  if (run.deletedAt !== null) return false
  return scope === 'all' || isActive(run.state) || ['queued', 'paused', 'interrupted'].includes(run.state)
}

/** Whether every word of the query occurs in what the table says of the run. */
export function matchesFilter(run: Run, query: string): boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return true
  const { model, recipe, training } = run.spec
  const facts = [
    run.name,
    run.id,
    run.state,
    recipe,
    normalizationShort[model.normalization.kind],
    `seed ${training.seed}`,
    `dropout ${model.dropout.rate}`,
    training.optimizer,
    training.schedule.kind,
    training.pretraining.kind === 'none' ? '' : training.pretraining.kind,
  ]
  const text = facts.join(' ').toLowerCase()
  return words.every((word) => text.includes(word))
}
