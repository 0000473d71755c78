import type { Precision } from '../../domain/spec/training-spec.ts'
import type { Tensor } from '../backend.ts'
import type { StepProfiler } from '../profile/step-profiler.ts'

/** @param weight name of the variable. @returns what stands for the gradient from then on; nobody reads its values. */
export type TakeGradient = (weight: string, gradient: Tensor) => Tensor

/** What the layers of one model must know of the training around them. The training loop moves it. */
export interface StepClock {
  /** Number of the step that is being computed; decides the dropout masks. */
  step: number
  /** Arithmetic of layers with a kernel in training mode; evaluation is float32 always. */
  precision: Precision
  /**
   * Layers with a kernel that are not trained now. A batch normalisation that belongs to one of them computes with
   * its moving statistics and leaves them as they are, as Keras does for layers that are not trainable.
   */
  frozen: ReadonlySet<string>
  /**
   * Takes the gradient of a large weight as soon as it is known, so that it need not be kept until all others are;
   * null where gradients are wanted together.
   */
  takeGradient: TakeGradient | null
  /** Measures the step that is being computed; null for steps that are not profiled, and between steps. */
  profiler: StepProfiler | null
}
