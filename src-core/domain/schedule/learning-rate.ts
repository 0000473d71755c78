import type { Schedule, TrainingSpec } from '../spec/training-spec.ts'
import type { ValidationHistory } from './validation-history.ts'

/** Where a run stands when the learning rate of its next step is wanted. */
export interface SchedulePosition {
  /** Finished supervised steps; 0 before the first. */
  readonly step: number
  readonly stepsPerEpoch: number
  readonly totalSteps: number
  /** Only the plateau schedule reads it. */
  readonly history: ValidationHistory
}

/** A position in the schedule proper, after the warm-up. */
interface Progress {
  readonly step: number
  readonly epoch: number
  readonly total: number
}

function fromTable({ table }: Schedule, epoch: number): number {
  let end = 0
  for (const { epochs, learningRate } of table) {
    end += epochs ?? Infinity
    if (epoch < end) return learningRate
  }
  return table.at(-1)!.learningRate
}

/**
 * How often the plateau schedule has reduced: each time `patience` evaluations in a row brought no lower validation
 * error than the best so far. The count begins anew with every reduction.
 */
export function plateauReductions({ patience, reductions }: Schedule, history: ValidationHistory): number {
  let best = Infinity
  let without = 0
  let reduced = 0
  for (const { accuracy } of history) {
    const error = 1 - accuracy
    without = error < best ? 0 : without + 1
    best = Math.min(best, error)
    if (without < patience || reduced >= reductions) continue
    reduced += 1
    without = 0
  }
  return reduced
}

/** Half a cosine from `from` at 0 to `to` at 1. */
function cosineBetween(from: number, to: number, share: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2
}

/**
 * Smith and Topin 2018 in the form of PyTorch's OneCycleLR with cosine annealing: up from rate/startDivisor,
 * then down to that divided by finalDivisor.
 */
function oneCycle(
  { riseShare, startDivisor, finalDivisor }: Schedule,
  rate: number,
  { step, total }: Progress,
): number {
  const initial = rate / startDivisor
  const top = Math.max(riseShare * total - 1, 0)
  const last = Math.max(total - 1, top)
  if (step <= top) return cosineBetween(initial, rate, top === 0 ? 1 : step / top)
  return cosineBetween(rate, initial / finalDivisor, Math.min(1, (step - top) / Math.max(last - top, 1)))
}

type Rule = (schedule: Schedule, rate: number, progress: Progress, history: ValidationHistory) => number

const rules: Record<Schedule['kind'], Rule> = {
  constant: (_, rate) => rate,
  table: (schedule, _, { epoch }) => fromTable(schedule, epoch),
  plateau: (schedule, rate, _, history) => rate * schedule.factor ** plateauReductions(schedule, history),
  step: ({ factor, everyEpochs }, rate, { epoch }) => rate * factor ** Math.floor(epoch / everyEpochs),
  exponential: ({ factor }, rate, { epoch }) => rate * factor ** epoch,
  // Loshchilov and Hutter 2017, equation 5, one period without restarts.
  cosine: ({ finalShare }, rate, { step, total }) =>
    cosineBetween(rate, rate * finalShare, Math.min(1, step / Math.max(total, 1))),
  'one-cycle': oneCycle,
}

/** Steps of linear warm-up before the schedule proper. */
export function warmupSteps({ warmupEpochs }: Schedule, stepsPerEpoch: number): number {
  return Math.round(warmupEpochs * stepsPerEpoch)
}

/**
 * Learning rate of the step after `position.step` finished steps: a pure function of step and history, so that a
 * resumed run has the same. Step, exponential and table change after whole epochs of their own, cosine and one-cycle at
 * every step.
 * Warm-up (Goyal et al. 2017) rises in equal parts to the schedule's first rate; the schedule then begins.
 */
export function learningRateAt(
  { learningRate, schedule }: Pick<TrainingSpec, 'learningRate' | 'schedule'>,
  { step, stepsPerEpoch, totalSteps, history }: SchedulePosition,
): number {
  const warmup = warmupSteps(schedule, stepsPerEpoch)
  const at = Math.max(0, step - warmup)
  const progress: Progress = {
    step: at,
    epoch: Math.floor(at / Math.max(stepsPerEpoch, 1)),
    total: Math.max(totalSteps - warmup, 1),
  }
  const rate = rules[schedule.kind](schedule, learningRate, progress, history)
  return step < warmup ? (rate * (step + 1)) / warmup : rate
}

/**
 * The rates of evenly chosen steps, first and last included, for drawing a schedule before it runs. A plateau
 * schedule is drawn as if the validation error never stopped improving.
 */
export function sampleSchedule(
  training: Pick<TrainingSpec, 'learningRate' | 'schedule'>,
  { stepsPerEpoch, totalSteps }: Pick<SchedulePosition, 'stepsPerEpoch' | 'totalSteps'>,
  points: number,
): { readonly step: number; readonly learningRate: number }[] {
  const count = Math.min(points, totalSteps)
  return Array.from({ length: count }, (_, index) => {
    const step = count === 1 ? 0 : Math.round((index * (totalSteps - 1)) / (count - 1))
    return { step, learningRate: learningRateAt(training, { step, stepsPerEpoch, totalSteps, history: [] }) }
  })
}
