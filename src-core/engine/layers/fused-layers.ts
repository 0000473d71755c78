import { tf, type Tensor, type Variable } from '../backend.ts'
import type { Padding } from '../kernels/attributes.ts'
import { averagePool } from '../kernels/average-pool.ts'
import { biasAdd } from '../kernels/bias-add.ts'
import { conv2d } from '../kernels/convolution/conv2d.ts'
import { matMul } from '../kernels/mat-mul.ts'
import { maxPool } from '../kernels/max-pool.ts'
import { precisionOf, surroundingOptions, type ConvolutionSurroundings, type DenseClock } from './surroundings.ts'
import {
  singleTensor,
  StockAveragePooling2D,
  StockConv2D,
  StockDense,
  StockMaxPooling2D,
  type CallOptions,
  type Conv2DArgs,
  type DenseArgs,
  type LayerInput,
} from './stock.ts'

/** Convolution with bias. Square stride, channels last, no activation of its own. */
export class FusedConv2D extends StockConv2D {
  private readonly surroundings: ConvolutionSurroundings

  constructor(args: Conv2DArgs, surroundings: ConvolutionSurroundings = {}) {
    super(args)
    this.surroundings = surroundings
  }

  override call(inputs: LayerInput, { training }: CallOptions): Tensor {
    const options = {
      stride: this.strides[0]!,
      padding: this.padding as Padding,
      ...surroundingOptions(this.surroundings, training),
    }
    return tf.tidy(() => biasAdd(conv2d(singleTensor(inputs), this.kernel.read(), options), this.bias.read()))
  }
}

/** Fully connected layer with bias, no activation of its own. */
export class FusedDense extends StockDense {
  private readonly clock: DenseClock | undefined

  /** @param clock says the arithmetic of training and who takes the gradient; not part of the saved configuration. */
  constructor(args: DenseArgs, clock?: DenseClock) {
    super(args)
    this.clock = clock
  }

  override call(inputs: LayerInput, { training }: CallOptions): Tensor {
    // Stock Dense keeps its weights private to the declaration, not to the object.
    const { kernel, bias } = this as unknown as Record<'kernel' | 'bias', { read(): Variable }>
    const weights = kernel.read()
    const { clock } = this
    const options = {
      precision: precisionOf(clock, training),
      // Asked for when the gradient is there: the loss decides, and comes later than this layer.
      takeKernelGradient: (gradient: Tensor) => clock?.takeGradient?.(weights.name, gradient) ?? gradient,
    }
    return tf.tidy(() => biasAdd(matMul(singleTensor(inputs), weights, options), bias.read()))
  }
}

export class FusedMaxPooling2D extends StockMaxPooling2D {
  override call(inputs: LayerInput): Tensor {
    return maxPool(singleTensor(inputs), { size: this.poolSize[0], stride: this.strides[0] })
  }
}

export class FusedAveragePooling2D extends StockAveragePooling2D {
  override call(inputs: LayerInput): Tensor {
    return averagePool(singleTensor(inputs), { size: this.poolSize[0], stride: this.strides[0] })
  }
}
