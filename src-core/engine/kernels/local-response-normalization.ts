import { attribute, execute, type Tensor } from '../backend.ts'
import { floatType } from './attributes.ts'
import { differentiable } from './differentiable.ts'

/** The constants of Krizhevsky et al. 2012, section 3.3: `n` neighbouring channels (odd), `k`, `alpha`, `beta`. */
export interface LocalResponseNormalizationOptions {
  readonly n: number
  readonly k: number
  readonly alpha: number
  readonly beta: number
}

/**
 * b = a / (k + alpha * sum of a^2 over the n neighbouring channels)^beta. Alpha is not divided by n,
 * as in the paper and in TensorFlow; PyTorch, Caffe and ONNX divide.
 * @param input [batch, height, width, channels]
 */
export function localResponseNormalization(input: Tensor, options: LocalResponseNormalizationOptions): Tensor {
  const attributes = [
    floatType,
    attribute.int('depth_radius', (options.n - 1) / 2),
    attribute.float('bias', options.k),
    attribute.float('alpha', options.alpha),
    attribute.float('beta', options.beta),
  ]
  return differentiable([input], () => {
    const value = execute('LRN', attributes, [input])
    return {
      value,
      saved: [input, value],
      gradients: (upstream, [x, y]) => [execute('LRNGrad', attributes, [upstream, x!, y!])],
    }
  })
}
