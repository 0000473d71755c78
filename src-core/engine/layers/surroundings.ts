import type { Precision } from '../../domain/spec/training-spec.ts'
import type { Conv2dOptions } from '../kernels/convolution/conv2d.ts'
import type { StepClock } from './step-clock.ts'

export type PrecisionClock = Pick<StepClock, 'precision'>
export type DenseClock = Pick<StepClock, 'precision' | 'takeGradient'>

/** What a convolution knows of the model around it. Not part of its saved configuration. */
export interface ConvolutionSurroundings {
  /** True for the first layer, whose input wants no gradient in training. */
  readonly readsImages?: boolean
  /** Says the arithmetic of training; without one it is float32. */
  readonly clock?: PrecisionClock
}

/** What a convolution is told beside its geometry. */
export function surroundingOptions(
  { readsImages = false, clock }: ConvolutionSurroundings,
  training: boolean | undefined,
): Pick<Conv2dOptions, 'inputGradient' | 'precision'> {
  // Outside of training a gradient is wanted only by who asks which pixels matter.
  return { inputGradient: !readsImages || training !== true, precision: precisionOf(clock, training) }
}

/** Evaluation is float32 always: so are the weights, and whoever loads an export computes so. */
export function precisionOf(clock: PrecisionClock | undefined, training: boolean | undefined): Precision {
  return training && clock ? clock.precision : 'float32'
}
