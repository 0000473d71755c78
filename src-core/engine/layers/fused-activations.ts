import type { Activation } from '../../domain/spec/model-spec.ts'
import type { Tensor } from '../backend.ts'
import { gelu, leakyRelu, relu, sigmoid, tanh } from '../kernels/activations.ts'
import { singleTensor, StockActivation, StockLeakyReLU, type LayerInput } from './stock.ts'

const kernels = { relu, tanh, sigmoid, gelu } satisfies Partial<Record<Activation, (input: Tensor) => Tensor>>

/** The activations that TensorFlow.js knows by name. */
export type NamedActivation = keyof typeof kernels

export class FusedActivation extends StockActivation {
  private readonly kernel: (input: Tensor) => Tensor

  constructor(name: string, activation: NamedActivation) {
    super({ name, activation })
    this.kernel = kernels[activation]
  }

  override call(inputs: LayerInput): Tensor {
    return this.kernel(singleTensor(inputs))
  }
}

/** Leaky ReLU; its slope below zero is the `alpha` of TensorFlow.js. */
export class FusedLeakyReLU extends StockLeakyReLU {
  override call(inputs: LayerInput): Tensor {
    return leakyRelu(singleTensor(inputs), this.alpha)
  }
}
