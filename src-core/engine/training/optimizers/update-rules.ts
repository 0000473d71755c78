import { attribute, executeMany, tf, type Tensor } from '../../backend.ts'
import { floatType } from '../../kernels/attributes.ts'

/** One weight and its gradient, as a rule is given them. */
export interface Update {
  /** Resource handle of the weight [any shape], changed in place. */
  readonly weight: Tensor
  /** Resource handles of the rule's slots, in the order of its names. */
  readonly slots: readonly Tensor[]
  readonly gradient: Tensor
  readonly learningRate: number
  /** Updates of this weight, this one included: 1 at the first. */
  readonly count: number
}

/** How a gradient changes a weight. Runs inside a `tf.tidy`. */
export interface UpdateRule {
  /** Names of what it keeps for each weight, all of the weight's shape and 0 before the first step. */
  readonly slots: readonly string[]
  /** Whether it needs `count`. */
  readonly countsUpdates: boolean
  apply(update: Update): void
}

const noLocking = attribute.bool('use_locking', false)

function runInPlace(name: string, inputs: readonly Tensor[], nesterov?: boolean): void {
  const variant = nesterov === undefined ? [] : [attribute.bool('use_nesterov', nesterov)]
  executeMany(name, [floatType, noLocking, ...variant], inputs, 0)
}

/** Gradient descent: w = w - lr * g. */
export const gradientDescent: UpdateRule = {
  slots: [],
  countsUpdates: false,
  apply({ weight, gradient, learningRate }) {
    runInPlace('ResourceApplyGradientDescent', [weight, tf.scalar(learningRate), gradient])
  },
}

/**
 * Momentum (Polyak 1964; Sutskever et al. 2013, as PyTorch writes it): v = momentum * v + g, w = w - lr * v.
 * With Nesterov's look-ahead: w = w - lr * (g + momentum * v).
 */
export function momentumRule(momentum: number, nesterov: boolean): UpdateRule {
  return {
    slots: ['velocity'],
    countsUpdates: false,
    apply({ weight, slots: [velocity], gradient, learningRate }) {
      const inputs = [weight, velocity!, tf.scalar(learningRate), gradient, tf.scalar(momentum)]
      runInPlace('ResourceApplyMomentum', inputs, nesterov)
    },
  }
}

/**
 * Momentum as Krizhevsky et al. 2012, section 5, write it: v = momentum * v - lr * g, w = w + v. The velocity holds
 * the learning rate, so a lower rate slows down only what is added from then on.
 */
export function paperMomentumRule(momentum: number, nesterov: boolean): UpdateRule {
  return {
    slots: ['velocity'],
    countsUpdates: false,
    apply({ weight, slots: [velocity], gradient, learningRate }) {
      const inputs = [weight, velocity!, tf.scalar(learningRate), gradient, tf.scalar(momentum)]
      runInPlace('ResourceApplyKerasMomentum', inputs, nesterov)
    },
  }
}

export interface AdamOptions {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
}

/**
 * Adam (Kingma and Ba 2015, the form before section 2.1): m = b1 * m + (1 - b1) * g, v = b2 * v + (1 - b2) * g²,
 * w = w - lr * sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(v) + epsilon).
 */
export function adamRule({ beta1, beta2, epsilon }: AdamOptions): UpdateRule {
  // The kernel would take 1 - b2^t in float32, which costs five digits at the first steps: it gets powers of 0 and
  // the corrected rate instead. The betas are those that the kernel sees.
  const [decay1, decay2] = [Math.fround(beta1), Math.fround(beta2)]
  return {
    slots: ['m', 'v'],
    countsUpdates: true,
    apply({ weight, slots: [m, v], gradient, learningRate, count }) {
      const rate = (learningRate * Math.sqrt(1 - decay2 ** count)) / (1 - decay1 ** count)
      const powers = [tf.scalar(0), tf.scalar(0)]
      const options = [rate, beta1, beta2, epsilon].map((value) => tf.scalar(value))
      runInPlace('ResourceApplyAdam', [weight, m!, v!, ...powers, ...options, gradient], false)
    },
  }
}

export interface RmspropOptions {
  readonly rho: number
  readonly epsilon: number
  readonly momentum: number
}

/**
 * RMSProp (Tieleman and Hinton 2012) as TensorFlow and Keras write it: s = rho * s + (1 - rho) * g²,
 * v = momentum * v + lr * g / sqrt(s + epsilon), w = w - v.
 */
export function rmspropRule({ rho, epsilon, momentum }: RmspropOptions): UpdateRule {
  return {
    slots: ['mean-square', 'velocity'],
    countsUpdates: false,
    apply({ weight, slots: [meanSquare, velocity], gradient, learningRate }) {
      const options = [learningRate, rho, momentum, epsilon].map((value) => tf.scalar(value))
      runInPlace('ResourceApplyRMSProp', [weight, meanSquare!, velocity!, ...options, gradient])
    },
  }
}
