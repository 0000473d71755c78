import { isDeepStrictEqual } from 'node:util'
import { WorkbenchError } from '../../domain/errors.ts'
import { attribute, emptyHandle, executeMany, tf, type Tensor, type Variable } from '../backend.ts'
import type { NamedTensor } from '../files/tensor-file.ts'
import { floatType } from '../kernels/attributes.ts'
import type { NamedWeight } from '../models/build-model.ts'
import { InPlaceVariable } from './in-place-variable.ts'

export interface MomentumOptions {
  readonly learningRate: number
  readonly momentum: number
}

interface Slot {
  readonly name: string
  readonly variable: Variable
  readonly weight: InPlaceVariable
  readonly velocity: InPlaceVariable
}

const updateAttributes = [floatType, attribute.bool('use_locking', false), attribute.bool('use_nesterov', false)]

function makeVelocity(shape: readonly number[]): InPlaceVariable {
  const zeros = tf.fill([...shape], 0)
  const velocity = new InPlaceVariable(zeros)
  zeros.dispose()
  return velocity
}

function makeSlot({ name, variable }: NamedWeight): Slot {
  const weight = new InPlaceVariable(variable)
  const shared = weight.read()
  variable.assign(shared)
  shared.dispose()
  return { name, variable, weight, velocity: makeVelocity(variable.shape) }
}

/**
 * Stochastic gradient descent with momentum (Polyak 1964; Sutskever et al. 2013, as PyTorch writes it):
 * v = momentum * v + gradient, w = w - learningRate * v, with v = 0 before the first step.
 *
 * Takes over the memory of the weights it is given and updates it in place: three passes over a full AlexNet's
 * 250 MB instead of seven. Load weights before making the optimizer.
 */
export class MomentumOptimizer {
  private readonly slots: readonly Slot[]
  private readonly learningRate: Tensor
  private readonly momentum: Tensor

  constructor(weights: readonly NamedWeight[], { learningRate, momentum }: MomentumOptions) {
    this.slots = weights.filter(({ trainable }) => trainable).map(makeSlot)
    this.learningRate = tf.scalar(learningRate)
    this.momentum = tf.scalar(momentum)
  }

  /** Updates every weight and disposes of the gradients, which are keyed by the variables' own names. */
  apply(gradients: Record<string, Tensor>): void {
    for (const slot of this.slots) {
      const gradient = gradients[slot.variable.name]!
      this.update(slot, gradient)
      gradient.dispose()
    }
  }

  private update({ variable, weight, velocity }: Slot, gradient: Tensor): void {
    tf.tidy(() => {
      // While the variable holds a handle on the memory, TensorFlow would copy it before updating.
      variable.assign(emptyHandle(variable.shape))
      const inputs = [weight.handle, velocity.handle, this.learningRate, gradient, this.momentum]
      try {
        executeMany('ResourceApplyMomentum', updateAttributes, inputs, 0)
      } finally {
        variable.assign(weight.read())
      }
    })
  }

  /** The velocities under the names of their weights, in the order of the weights. */
  velocities(): NamedTensor[] {
    return this.slots.map(({ name, variable, velocity }) => ({
      name,
      shape: variable.shape,
      read: () => velocity.copyValues(),
    }))
  }

  /**
   * Sets the velocities from a checkpoint.
   * @throws WorkbenchError `checkpoint-damaged` when one is missing or has another shape.
   */
  restore(velocities: ReadonlyMap<string, Tensor>): void {
    for (const { name, variable, velocity } of this.slots) {
      const values = velocities.get(name)
      if (!values || !isDeepStrictEqual(values.shape, variable.shape)) {
        const message = `The checkpoint is damaged: it has no velocity of ${name} of shape ${variable.shape.join('x')}.`
        throw new WorkbenchError('checkpoint-damaged', message, { name })
      }
      velocity.write(values)
    }
  }

  /** The weights stay usable: their variables keep the memory. */
  dispose(): void {
    for (const { weight, velocity } of this.slots) {
      weight.dispose()
      velocity.dispose()
    }
    this.learningRate.dispose()
    this.momentum.dispose()
  }
}
