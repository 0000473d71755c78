import { hasBest } from '../metrics.ts'
import type { Run } from '../run.ts'
import { meanOf } from '../statistics/spread.ts'
import { budgetText, reaches, spending, spentBy, valueWithin, type Budget, type BudgetKind } from './budget.ts'
import { isBetter, type MetricChoice, type SeriesColumns } from './readings.ts'

/** A run with the history of the metric that decides. */
export interface RacingRun {
  readonly run: Run
  readonly columns: SeriesColumns
}

/** Who is ranked: one run, or a group of runs by the mean of their values. */
export interface Contestant {
  readonly key: string
  readonly label: string
  readonly runs: readonly RacingRun[]
}

export interface Ranked {
  readonly contestant: Contestant
  /** 1 is best; null for one without a value or that did not get as far as the budget. */
  readonly rank: number | null
  /** Mean over the runs; null when one of them has no finite value within the budget. */
  readonly value: number | null
  /** Whether all of its runs used the budget up. */
  readonly reached: boolean
}

/**
 * The contestants at a budget, best first; equal values share a rank. Those that cannot be ranked come last: all of them
 * by a metric of which neither way is better.
 */
export function rankAt(
  contestants: readonly Contestant[],
  budget: Budget,
  choice: MetricChoice,
  valueOf: (racing: RacingRun) => number | null = ({ run, columns }) =>
    valueWithin(columns, run.spec, budget, choice)?.value ?? null,
): Ranked[] {
  const found = contestants.map((contestant) => {
    const values = contestant.runs.map(valueOf)
    const complete = values.length > 0 && values.every((value) => value !== null && Number.isFinite(value))
    const reached = contestant.runs.every(({ run }) => reaches(run, budget))
    return { contestant, value: complete ? meanOf(values as number[]) : null, reached }
  })
  const inRace = ({ value, reached }: (typeof found)[number]): boolean =>
    value !== null && reached && hasBest(choice.metric)
  const better = (a: number, b: number): boolean => isBetter(a, b, choice.metric)
  const ranked = found.map((one): Ranked => {
    const ahead = found.filter((other) => inRace(other) && better(other.value!, one.value ?? NaN)).length
    return { ...one, rank: inRace(one) ? ahead + 1 : null }
  })
  return ranked.sort((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity) || 0)
}

/** A stretch of budgets over which one contestant is best. */
export interface Reign {
  readonly key: string
  readonly from: number
  readonly to: number
}

interface Event {
  readonly at: number
  readonly contestant: number
  readonly racing: number
  readonly value: number
}

/** Epochs are quotients: what lies at the end must not lie past it for a last bit. */
const slack = 1 + 1e-9

/** Where the first of all runs ends. */
function endOf(contestants: readonly Contestant[], kind: BudgetKind): number {
  return Math.min(...contestants.flatMap(({ runs }) => runs.map(({ run }) => spentBy(run, kind))))
}

/** Every change of a run's value, in the order of what was spent. */
function eventsOf(contestants: readonly Contestant[], kind: BudgetKind, choice: MetricChoice): Event[] {
  const events: Event[] = []
  contestants.forEach(({ runs }, contestant) =>
    runs.forEach(({ run, columns }, racing) => {
      const spent = spending(run.spec, kind)
      let best = NaN
      for (let i = 0; i < columns.step.length; i++) {
        const value = choice.reading === 'last' ? columns.last[i]! : bestOf(columns, i, choice.metric, best)
        if (choice.reading === 'best' && Object.is(value, best)) continue
        best = value
        const place = { step: columns.step[i]!, epoch: columns.epoch[i]!, activeTime: columns.activeTime[i]! }
        events.push({ at: spent(place), contestant, racing, value })
      }
    }),
  )
  return events.sort((a, b) => a.at - b.at)
}

function bestOf(columns: SeriesColumns, index: number, metric: string, best: number): number {
  const better = [columns.max[index]!, columns.min[index]!].find((value) => isBetter(value, best, metric))
  if (better === undefined) return best
  return isBetter(columns.min[index]!, better, metric) ? columns.min[index]! : better
}

/**
 * Who leads at which budgets, from the first at which all have a value up to the largest that all used up. Where two are
 * equal, the one that led before goes on leading. Nobody leads where neither way of the metric is better.
 */
export function reigns(contestants: readonly Contestant[], kind: BudgetKind, choice: MetricChoice): Reign[] {
  if (!hasBest(choice.metric)) return []
  const end = endOf(contestants, kind)
  const values = contestants.map(({ runs }) => runs.map(() => NaN))
  const means = contestants.map(() => NaN)
  const found: { key: string; from: number; to: number }[] = []
  const events = eventsOf(contestants, kind, choice)
  let leader = -1
  events.forEach(({ at, contestant, racing, value }, index) => {
    if (at > end * slack) return
    values[contestant]![racing] = value
    means[contestant] = meanOf(values[contestant]!)
    if (events[index + 1]?.at === at || means.some((mean) => !Number.isFinite(mean))) return
    const next = means.reduce((best, mean, i) => (isBetter(mean, means[best] ?? NaN, choice.metric) ? i : best), leader)
    if (next === leader) return
    leader = next
    if (found.length > 0) found.at(-1)!.to = at
    found.push({ key: contestants[leader]!.key, from: at, to: end })
  })
  return found
}

/** How a contestant's value changed with the budget. */
export interface Trace {
  readonly at: readonly number[]
  readonly value: readonly number[]
}

/**
 * A contestant's value over the budget, from where all of its runs have a finite one up to where the first of them ends;
 * a step at each point.
 */
export function traceOf(contestant: Contestant, kind: BudgetKind, choice: MetricChoice): Trace {
  const values = contestant.runs.map(() => NaN)
  const trace = { at: [] as number[], value: [] as number[] }
  const end = endOf([contestant], kind)
  const events = eventsOf([contestant], kind, choice)
  events.forEach(({ at, racing, value }, index) => {
    values[racing] = value
    const mean = meanOf(values)
    if (events[index + 1]?.at === at || !Number.isFinite(mean) || at > end * slack) return
    trace.at.push(at)
    trace.value.push(mean)
  })
  return trace
}

/** Up to so many stretches are told one by one. */
const mostTold = 3

/** Who leads when, in a sentence; empty when there is nothing to compare. */
export function raceSentence(
  found: readonly Reign[],
  contestants: readonly Pick<Contestant, 'key' | 'label'>[],
  kind: BudgetKind,
): string {
  const last = found.at(-1)
  if (!last || contestants.length < 2) return ''
  const nameOf = ({ key }: Reign): string => contestants.find((one) => one.key === key)?.label ?? key
  const text = (value: number): string => budgetText({ kind, value })
  if (found.length === 1) return `The winner is the same at every budget up to ${text(last.to)}: ${nameOf(last)}.`
  const atEnd = text(last.from) === text(last.to)
  if (found.length > mostTold) {
    const when = atEnd ? `at ${text(last.to)}` : `from ${text(last.from)} to ${text(last.to)}`
    return `The winner changes ${found.length - 1} times with the budget: ${nameOf(last)} leads ${when}.`
  }
  const middle = found.slice(1, -1).map((reign) => `then ${nameOf(reign)} up to ${text(reign.to)}`)
  const end = atEnd ? `${nameOf(last)} at ${text(last.to)}` : `then ${nameOf(last)} up to ${text(last.to)}`
  const parts = [`${nameOf(found[0]!)} leads up to ${text(found[0]!.to)}`, ...middle, end]
  return `The winner changes with the budget: ${parts.join(', ')}.`
}
