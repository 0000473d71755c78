import { effectiveDecayForm, type TrainingSpec } from '../../../domain/spec/training-spec.ts'
import { attribute, executeMany, tf, types, type Tensor, type Variable } from '../../backend.ts'
import type { NamedWeight } from '../../models/build-model.ts'
import type { WeightSlots } from './weight-slots.ts'

type WeightDecay = TrainingSpec['weightDecay']

function decays({ role, layer }: NamedWeight, { biases, normalization, exclude }: WeightDecay): boolean {
  if (exclude.includes(layer)) return false
  if (role === 'bias') return biases
  return role === 'normalization' ? normalization : true
}

/** The decay of one weight: 0 for those that the spec spares. */
export function decayOf(weight: NamedWeight, { weightDecay }: Pick<TrainingSpec, 'weightDecay'>): number {
  return decays(weight, weightDecay) ? weightDecay.value : 0
}

/** Whether the decay is added to the gradient; the paper's form is that too, in a velocity that holds the rate. */
export function addsToGradient(training: TrainingSpec): boolean {
  return effectiveDecayForm(training) !== 'decoupled'
}

/** L2 regularisation: the gradient of decay / 2 * |w|² added to `gradient`, as a new tensor. */
export function withDecay(gradient: Tensor, weight: Variable, decay: number): Tensor {
  return tf.tidy(() => gradient.add(weight.mul(decay)))
}

const dtype = attribute.type('dtype', types.float32)

/** Decoupled decay (Loshchilov and Hutter 2019, in PyTorch's form): w = w - lr * decay * w, in place. */
export function decayInPlace(slots: WeightSlots, decay: number, learningRate: number): void {
  const loss = slots.variable.mul(learningRate * decay)
  slots.inPlace((weight) => void executeMany('AssignSubVariableOp', [dtype], [weight, loss], 0))
  loss.dispose()
}
