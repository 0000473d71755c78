import { tf, type Tensor } from '../backend.ts'

/** What an operation gives back to `differentiable`. */
export interface Differentiable {
  readonly value: Tensor
  /** Kept until the gradient has been taken, and only while one is wanted. Closures must use these, not the inputs. */
  readonly saved: Tensor[]
  /** The gradient of each input, in order, from that of the value. */
  gradients(upstream: Tensor, saved: Tensor[]): Tensor[]
}

type CustomGradient = Parameters<typeof tf.customGrad>[0]

/** Runs `forward` as one operation of the gradient tape: what it computes inside is not differentiated by tfjs. */
export function differentiable(inputs: readonly Tensor[], forward: () => Differentiable): Tensor {
  const operation = (...args: unknown[]) => {
    const save = args.at(-1) as (tensors: Tensor[]) => void
    const { value, saved, gradients } = forward()
    save(saved)
    return { value, gradFunc: (upstream: Tensor, kept: Tensor[]) => gradients(upstream, kept) }
  }
  return tf.customGrad(operation as unknown as CustomGradient)(...inputs)
}
