import { tf, type Tensor } from '../backend.ts'

/** What an operation gives back to `differentiable`. */
export interface Differentiable {
  readonly value: Tensor
  /** Kept until the gradient has been taken, and only while one is wanted. Closures must use these, not the inputs. */
  readonly saved: Tensor[]
  /** The gradient of each input, in order, from that of the value. */
  gradients(upstream: Tensor, saved: Tensor[]): Tensor[]
  /** May replace gradients once nothing that they were taken from is held any more. */
  finish?(gradients: Tensor[]): Tensor[]
}

type CustomGradient = Parameters<typeof tf.customGrad>[0]

/**
 * Takes the gradients and lets go of what they were taken from. tfjs itself keeps every saved tensor and every
 * gradient on the way until the last one is there: a third of the memory of a step. So an operation owns the gradient
 * that it is given, gradients can be taken once only, and there are none of gradients.
 */
function releasing({ gradients, finish }: Differentiable, upstream: Tensor, kept: Tensor[]): Tensor[] {
  const taken = gradients(upstream, kept)
  for (const tensor of [upstream, ...kept]) if (!taken.includes(tensor)) tensor.dispose()
  return finish ? finish(taken) : taken
}

/** Runs the gradient function of an operation. */
export type GradientRunner = <T>(gradients: () => T) => T

/** Set only while `timingGradients` computes: never between two calls from outside. */
let runner: GradientRunner | null = null

/** Computes; the gradient functions of the operations that it calls will be run by `runGradients`, whenever that is. */
export function timingGradients<T>(runGradients: GradientRunner, compute: () => T): T {
  const before = runner
  runner = runGradients
  try {
    return compute()
  } finally {
    runner = before
  }
}

/** Runs `forward` as one operation of the gradient tape: what it computes inside is not differentiated by tfjs. */
export function differentiable(inputs: readonly Tensor[], forward: () => Differentiable): Tensor {
  const run = runner
  const operation = (...args: unknown[]) => {
    const save = args.at(-1) as (tensors: Tensor[]) => void
    const computed = forward()
    const { value, saved } = computed
    save(saved)
    const plain = (upstream: Tensor, kept: Tensor[]) => releasing(computed, upstream, kept)
    const gradFunc = run ? (upstream: Tensor, kept: Tensor[]) => run(() => plain(upstream, kept)) : plain
    return { value, gradFunc }
  }
  return tf.customGrad(operation as unknown as CustomGradient)(...inputs)
}
