import type { Tensor } from '../../backend.ts'
import type { NamedTensor } from '../../files/tensor-file.ts'

/**
 * Changes weights by their gradients. It owns the memory of its weights until it is disposed of; two optimizers
 * never own the same weight at the same time.
 */
export interface Optimizer {
  /**
   * One step. Disposes of the gradients, which are keyed by the variables' own names; weights without a gradient
   * stay as they are.
   */
  apply(gradients: Record<string, Tensor>, learningRate: number): void
  /** What the next step needs beside the weights, such as `conv1/kernel/velocity`. Empty for plain SGD. */
  slots(): NamedTensor[]
  /**
   * Sets the slots from a checkpoint; the caller disposes of the tensors.
   * @throws WorkbenchError `checkpoint-damaged` when one is missing or has another shape.
   */
  restore(slots: ReadonlyMap<string, Tensor>): void
  /** The weights stay usable: their variables keep the memory. */
  dispose(): void
}
