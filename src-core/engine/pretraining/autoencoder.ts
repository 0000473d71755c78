import { tf, type Scalar, type Tensor } from '../backend.ts'
import { biasAdd } from '../kernels/bias-add.ts'
import { groupedConv2d } from '../kernels/convolution/conv2d.ts'
import type { Estimate, PretrainingMethod, ReversibleLayer } from './pretraining-method.ts'
import { transposedConv2d } from './transposed-conv2d.ts'

/**
 * Convolutional auto-encoder with tied weights (Masci et al. 2011): h = activation(conv(x, W) + b),
 * x' = convT(h, W) + c, loss = mean of (x' - x)^2 over all values.
 */
export class Autoencoder implements PretrainingMethod {
  private readonly layer: ReversibleLayer
  private readonly activation: (input: Tensor) => Tensor

  constructor(layer: ReversibleLayer, activation: (input: Tensor) => Tensor) {
    this.layer = layer
    this.activation = activation
  }

  firstVisibleBias(input: Tensor): Tensor {
    return input.mean([0, 1, 2])
  }

  reconstruct(input: Tensor): Tensor {
    const { kernel, hiddenBias, visibleBias, geometry } = this.layer
    // What comes from the fixed layers below wants no gradient.
    const options = { ...geometry, inputGradient: false }
    const filtered = groupedConv2d(input, kernel.variable, geometry.groups, options)
    const hidden = this.activation(biasAdd(filtered, hiddenBias.variable))
    return biasAdd(transposedConv2d(hidden, kernel.variable, input.shape, geometry), visibleBias.variable)
  }

  /** Reconstructing its input, it keeps its scale by itself. */
  handOver(): null {
    return null
  }

  estimate(input: Tensor): Estimate {
    const { kernel, hiddenBias, visibleBias } = this.layer
    const variables = [kernel, hiddenBias, visibleBias].map(({ variable }) => variable)
    const loss = (): Scalar => this.reconstruct(input).sub(input).square().mean()
    const { value, grads } = tf.variableGrads(loss, variables)
    const error = value.dataSync()[0]!
    value.dispose()
    return { error, gradients: grads }
  }
}
