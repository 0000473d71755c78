import { emptyHandle, type Tensor, type Variable } from '../backend.ts'
import type { TakeGradient } from '../layers/step-clock.ts'

/**
 * Updates weights whose gradients are handed in before all are there: those of the fully connected layers, 235 MB in a
 * full AlexNet, are then gone before the convolutions need memory. The numbers are the same: a weight is read by its own
 * layer only, which has read it by then.
 */
export class EarlyUpdates {
  private readonly trained: ReadonlySet<string>
  private readonly done: string[] = []
  private readonly apply: (gradients: Record<string, Tensor>) => void

  /** @param apply updates the weights of these gradients and disposes of them. */
  constructor(trained: readonly Variable[], apply: (gradients: Record<string, Tensor>) => void) {
    this.trained = new Set(trained.map(({ name }) => name))
    this.apply = apply
  }

  readonly take: TakeGradient = (weight, gradient) => {
    if (!this.trained.has(weight)) return gradient
    const placeholder = emptyHandle(gradient.shape)
    this.apply({ [weight]: gradient })
    this.done.push(weight)
    return placeholder
  }

  /** Takes what stands for gradients that are used up out of the others. */
  removeFrom(gradients: Record<string, Tensor>): void {
    for (const weight of this.done) {
      gradients[weight]?.dispose()
      delete gradients[weight]
    }
  }
}
