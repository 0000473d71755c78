import { sampleSchedule } from '../../../src-core/domain/schedule/learning-rate.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import type { Workload } from '../../../src-core/domain/workload.ts'

export interface CurvePoint {
  /** Finished steps of the whole run, those of the pre-training included. */
  readonly step: number
  readonly epoch: number
  readonly learningRate: number
}

/** A pre-trained layer's share of the steps, drawn before the schedule. */
export interface CurvePhase {
  readonly layer: string
  readonly from: number
  readonly to: number
  readonly learningRate: number
}

export interface ScheduleCurve {
  readonly points: readonly CurvePoint[]
  readonly phases: readonly CurvePhase[]
  readonly totalSteps: number
  readonly stepsPerEpoch: number
  readonly smallest: number
  readonly largest: number
}

export type RateScale = 'linear' | 'log'

/** The learning rate over all steps of a run before it starts; null for a run without steps. */
export function scheduleCurve(
  { training }: Pick<RunSpec, 'training'>,
  work: Workload,
  points = 400,
): ScheduleCurve | null {
  const { pretrainingSteps, stepsPerEpoch, totalSteps } = work
  const supervised = totalSteps - pretrainingSteps
  if (supervised < 1) return null
  const sampled = sampleSchedule(training, { stepsPerEpoch, totalSteps: supervised }, points).map((point) => ({
    step: pretrainingSteps + point.step,
    epoch: (pretrainingSteps + point.step) / Math.max(1, stepsPerEpoch),
    learningRate: point.learningRate,
  }))
  const phases = work.phases
    .filter(({ kind }) => kind === 'pretraining')
    .map(({ layer, firstStep, steps }) => ({
      layer: layer!,
      from: firstStep,
      to: firstStep + steps,
      learningRate: training.pretraining.learningRate,
    }))
  const rates = [...sampled, ...phases].map(({ learningRate }) => learningRate)
  return {
    points: sampled,
    phases,
    totalSteps,
    stepsPerEpoch,
    smallest: Math.min(...rates),
    largest: Math.max(...rates),
  }
}

/** The decades that a logarithmic axis shows at most: a one-cycle schedule ends very near to 0. */
const mostDecades = 6

/** Height of a rate in the plot, 0 at the bottom and 1 at the top. */
export function rateLevel({ smallest, largest }: ScheduleCurve, scale: RateScale, rate: number): number {
  if (scale === 'linear') return rate / (largest * 1.05)
  const top = Math.log10(largest) + 0.1
  const bottom = Math.max(Math.log10(Math.max(smallest, Number.MIN_VALUE)), top - mostDecades) - 0.1
  return Math.max(0, (Math.log10(Math.max(rate, Number.MIN_VALUE)) - bottom) / Math.max(top - bottom, 0.2))
}

/** What the rate is in words at a step: in a pre-training phase or in the schedule. */
export function curveAt(
  curve: ScheduleCurve,
  step: number,
): { phase: string | null; epoch: number; learningRate: number } {
  const epoch = step / Math.max(1, curve.stepsPerEpoch)
  const phase = curve.phases.find(({ from, to }) => step >= from && step < to)
  if (phase) return { phase: phase.layer, epoch, learningRate: phase.learningRate }
  const point = curve.points.findLast((candidate) => candidate.step <= step) ?? curve.points[0]!
  return { phase: null, epoch, learningRate: point.learningRate }
}
