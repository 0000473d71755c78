import { learnedLayerOf } from '../../domain/schedule/transfer-plan.ts'
import type { LayersModel, Tensor, Variable } from '../backend.ts'

/** One weight under the name that is the same in every process: `conv1/kernel`, `bn1/moving_mean`. */
export interface NamedWeight {
  readonly name: string
  /** The layer with a kernel to which it belongs: conv1 for `conv1/kernel` and for `bn1/gamma`. */
  readonly layer: string
  readonly role: 'kernel' | 'bias' | 'normalization'
  readonly trainable: boolean
  readonly variable: Variable
}

interface LayerWeight {
  readonly originalName: string
  read(): Tensor
}

function roleOf(weight: string): NamedWeight['role'] {
  return weight === 'kernel' || weight === 'bias' ? weight : 'normalization'
}

function namedWeight(source: LayerWeight, trainable: boolean, learned: readonly string[]): NamedWeight {
  const [layer, weight] = source.originalName.split('/') as [string, string]
  return {
    name: source.originalName,
    layer: learnedLayerOf(layer, learned),
    role: roleOf(weight),
    trainable,
    variable: source.read() as Variable,
  }
}

/**
 * All weights of a model in name order. tfjs's `name` would carry a number once a process has built a second model.
 * @param learned names of the layers with a kernel, first to last.
 */
export function namedWeights(model: LayersModel, learned: readonly string[]): NamedWeight[] {
  const of = (weights: readonly unknown[], trainable: boolean): NamedWeight[] =>
    (weights as readonly LayerWeight[]).map((weight) => namedWeight(weight, trainable, learned))
  const all = [...of(model.trainableWeights, true), ...of(model.nonTrainableWeights, false)]
  return all.sort((a, b) => (a.name < b.name ? -1 : 1))
}
