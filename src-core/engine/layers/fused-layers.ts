import { tf, type Tensor } from '../backend.ts'
import type { Padding } from '../kernels/attributes.ts'
import { averagePool } from '../kernels/average-pool.ts'
import { biasAdd } from '../kernels/bias-add.ts'
import { conv2d } from '../kernels/convolution/conv2d.ts'
import { matMul } from '../kernels/mat-mul.ts'
import { maxPool } from '../kernels/max-pool.ts'
import {
  singleTensor,
  StockAveragePooling2D,
  StockConv2D,
  StockDense,
  StockMaxPooling2D,
  type Conv2DArgs,
  type LayerInput,
} from './stock.ts'

/** Convolution with bias. Square stride, channels last, no activation of its own. */
export class FusedConv2D extends StockConv2D {
  private readonly readsImages: boolean

  /** @param readsImages true for the first layer, whose input wants no gradient. Not part of the saved configuration. */
  constructor(args: Conv2DArgs, readsImages = false) {
    super(args)
    this.readsImages = readsImages
  }

  override call(inputs: LayerInput): Tensor {
    const options = {
      stride: this.strides[0]!,
      padding: this.padding as Padding,
      inputGradient: !this.readsImages,
    }
    return tf.tidy(() => biasAdd(conv2d(singleTensor(inputs), this.kernel.read(), options), this.bias.read()))
  }
}

/** Fully connected layer with bias, no activation of its own. */
export class FusedDense extends StockDense {
  override call(inputs: LayerInput): Tensor {
    // Stock Dense keeps its weights private to the declaration, not to the object.
    const { kernel, bias } = this as unknown as Record<'kernel' | 'bias', { read(): Tensor }>
    return tf.tidy(() => biasAdd(matMul(singleTensor(inputs), kernel.read()), bias.read()))
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
