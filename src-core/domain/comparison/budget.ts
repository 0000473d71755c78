import { forwardMacs } from '../network/forward-macs.ts'
import type { Run } from '../run.ts'
import { countText } from './words.ts'
import { isBetter, readSeries, type MetricChoice, type Reached, type SeriesColumns } from './readings.ts'

export const budgetKinds = ['steps', 'epochs', 'images', 'time', 'macs'] as const
export type BudgetKind = (typeof budgetKinds)[number]

/** What every run may use. Time is milliseconds of training, pauses left out; macs are multiply-accumulates. */
export interface Budget {
  readonly kind: BudgetKind
  readonly value: number
}

/** What is needed of a run to know what it has used. */
export type BudgetRun = Pick<Run, 'spec' | 'step' | 'epoch' | 'activeTime'>

/**
 * A training step costs three forward passes: one forward, and about two backward, for the gradients of the activations
 * and of the weights (Amodei and Hernandez, “AI and compute”, 2018).
 */
export const passesPerStep = 3
/** Epochs are quotients: a cut at exactly three must not fall before the third for a last bit. */
const tolerance = 1e-9

/**
 * Multiply-accumulates of one training step. Steps of a layer-wise pre-training count like the others, though they
 * cost less. 0 for a network that cannot be laid out.
 */
export function macsPerStep({ model, training }: Run['spec']): number {
  return (forwardMacs(model) ?? 0) * training.batchSize * passesPerStep
}

/** Why nobody knows what a run has spent of a kind of budget; null where it is known. */
export function uncountableReason({ spec }: Pick<Run, 'spec'>, kind: BudgetKind): string | null {
  if (kind !== 'macs' || forwardMacs(spec.model) !== null) return null
  return 'has a network that cannot be laid out, so that its multiply-accumulates are not known'
}

type Place = Pick<BudgetRun, 'step' | 'epoch' | 'activeTime'>

/** A function that tells what has been used at a place in a run. */
export function spending(spec: Run['spec'], kind: BudgetKind): (place: Place) => number {
  if (kind === 'epochs') return ({ epoch }) => epoch
  if (kind === 'time') return ({ activeTime }) => activeTime
  const unit = kind === 'macs' ? macsPerStep(spec) : kind === 'images' ? spec.training.batchSize : 1
  return ({ step }) => step * unit
}

/** What a run has used so far. */
export function spentBy(run: BudgetRun, kind: BudgetKind): number {
  return spending(run.spec, kind)(run)
}

/** The largest budget that all of the runs have used up; 0 without runs. */
export function largestCommonBudget(runs: readonly BudgetRun[], kind: BudgetKind): number {
  return runs.length === 0 ? 0 : Math.min(...runs.map((run) => spentBy(run, kind)))
}

/** Whether a run got as far as the budget. */
export function reaches(run: BudgetRun, { kind, value }: Budget): boolean {
  return spentBy(run, kind) >= value * (1 - tolerance)
}

export interface Cut {
  /** How many points lie within the budget as a whole. */
  readonly count: number
  /** The steps of the bucket that the budget cuts through: what lies within must be asked for. Null for none. */
  readonly through: { readonly fromStep: number; readonly toStep: number } | null
}

function placeAt({ step, epoch, activeTime }: SeriesColumns, index: number): Place {
  return { step: step[index]!, epoch: epoch[index]!, activeTime: activeTime[index]! }
}

/** Where a budget cuts a series. `total` logged values stand behind the points: with as many points nothing is cut through. */
export function cutSeries(columns: SeriesColumns, total: number, spec: Run['spec'], { kind, value }: Budget): Cut {
  const spent = spending(spec, kind)
  const limit = value * (1 + tolerance)
  let [low, high] = [0, columns.step.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (spent(placeAt(columns, middle)) <= limit) low = middle + 1
    else high = middle
  }
  const isWhole = low === columns.step.length || columns.step.length === total
  const before = low === 0 ? -1 : columns.step[low - 1]!
  return { count: low, through: isWhole ? null : { fromStep: before + 1, toStep: columns.step[low]! } }
}

/**
 * The best or last value of a run within a budget; null when nothing was logged within it. Exact when `columns` hold
 * every value or hold none beyond the cut; otherwise what is in the bucket that is cut through does not count.
 */
export function valueWithin(
  columns: SeriesColumns,
  spec: Run['spec'],
  budget: Budget,
  choice: MetricChoice,
): Reached | null {
  return readSeries(columns, choice, cutSeries(columns, columns.step.length, spec, budget).count)
}

/**
 * The same, exact where the budget cuts through a bucket: `inside` holds the values of that bucket.
 */
export function exactValueWithin(
  columns: SeriesColumns,
  inside: SeriesColumns | null,
  spec: Run['spec'],
  budget: Budget,
  choice: MetricChoice,
): Reached | null {
  const before = valueWithin(columns, spec, budget, choice)
  const after = inside && valueWithin(inside, spec, budget, choice)
  if (!before || !after) return after ?? before
  if (choice.reading === 'last') return after
  return isBetter(after.value, before.value, choice.metric) ? after : before
}

function durationText(milliseconds: number): string {
  const seconds = milliseconds / 1000
  if (seconds < 60) return `${Number(seconds.toPrecision(3))} s`
  const whole = Math.round(seconds)
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)]
  const two = (number: number): string => String(number).padStart(2, '0')
  return hours > 0 ? `${hours} h ${two(minutes)} min` : `${minutes} min ${two(whole % 60)} s`
}

/** 1.2 T: three figures with the prefixes of the SI. */
function compact(value: number): string {
  const prefixes = ['', ' k', ' M', ' G', ' T', ' P', ' E']
  const power = value < 1000 ? 0 : Math.min(prefixes.length - 1, Math.floor(Math.log10(value) / 3))
  return `${Number((value / 1000 ** power).toPrecision(3))}${prefixes[power]}`
}

/** "1,200 steps", "3 epochs", "64,000 images", "1 min 30 s", "1.2 T multiply-accumulates". */
export function budgetText({ kind, value }: Budget): string {
  if (kind === 'time') return durationText(value)
  if (kind === 'macs') return `${compact(value)} multiply-accumulates`
  if (kind === 'epochs') return countText(Number(value.toFixed(2)), 'epoch')
  return countText(Math.floor(value * (1 + tolerance)), kind === 'steps' ? 'step' : 'image')
}
