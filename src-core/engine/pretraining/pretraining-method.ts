import type { Tensor } from '../backend.ts'
import type { NamedWeight } from '../models/build-model.ts'
import type { ConvolutionGeometry } from './transposed-conv2d.ts'

/** The weights with which a layer and its reverse compute. Biases [filters] and [channels]. */
export interface ReversibleLayer {
  readonly kernel: NamedWeight
  readonly hiddenBias: NamedWeight
  readonly visibleBias: NamedWeight
  readonly geometry: ConvolutionGeometry
}

export interface Estimate {
  /** Mean squared difference between the input and its reconstruction. */
  readonly error: number
  /** By the names of the variables; whoever asked disposes of them. */
  readonly gradients: Record<string, Tensor>
}

/** A way to train a layer without labels. */
export interface PretrainingMethod {
  /**
   * The gradients of one batch. A pure function of weights, input and step.
   * @param input [batch, height, width, channels]: what enters the layer.
   */
  estimate(input: Tensor, step: number): Estimate
  /** Mean of the visible units per channel, [channels]. */
  firstVisibleBias(input: Tensor): Tensor
  /** What the layer makes of its input and back, without anything drawn at random. In a tidy. */
  reconstruct(input: Tensor): Tensor
  /** The weights with which the network goes on, from a last input; null: as they are. In a tidy. */
  handOver(input: Tensor): { readonly kernel: Tensor; readonly bias: Tensor } | null
}
