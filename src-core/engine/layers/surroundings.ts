import type { Precision } from '../../domain/spec/training-spec.ts'
import type { StepClock } from './step-clock.ts'

export type PrecisionClock = Pick<StepClock, 'precision'>
export type DenseClock = Pick<StepClock, 'precision' | 'takeGradient'>

/** What a convolution knows of the model around it. Not part of its saved configuration. */
export interface ConvolutionSurroundings {
  /** True for the first layer, whose input wants no gradient. */
  readonly readsImages?: boolean
  /** Says the arithmetic of training; without one it is float32. */
  readonly clock?: PrecisionClock
}

/** Evaluation is float32 always: so are the weights, and whoever loads an export computes so. */
export function precisionOf(clock: PrecisionClock | undefined, training: boolean | undefined): Precision {
  return training && clock ? clock.precision : 'float32'
}
