import { tf, type Tensor } from '../backend.ts'
import type { Padding } from '../kernels/attributes.ts'
import { batchNormalizationInference, batchNormalizationTraining } from '../kernels/batch-normalization.ts'
import { biasAdd } from '../kernels/bias-add.ts'
import { conv2d } from '../kernels/conv2d.ts'
import { matMul } from '../kernels/mat-mul.ts'
import { maxPool } from '../kernels/max-pool.ts'
import { relu } from '../kernels/relu.ts'
import {
  singleTensor,
  StockActivation,
  StockBatchNormalization,
  StockConv2D,
  StockDense,
  StockMaxPooling2D,
  type CallOptions,
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

export class FusedRelu extends StockActivation {
  constructor(name: string) {
    super({ name, activation: 'relu' })
  }

  override call(inputs: LayerInput): Tensor {
    return relu(singleTensor(inputs))
  }
}

export class FusedMaxPooling2D extends StockMaxPooling2D {
  override call(inputs: LayerInput): Tensor {
    return maxPool(singleTensor(inputs), { size: this.poolSize[0], stride: this.strides[0] })
  }
}

interface MovingStatistic {
  read(): Tensor
  write(value: Tensor): unknown
}

/** moving = momentum * moving + (1 - momentum) * batch */
function updateMoving(moving: MovingStatistic, batch: Tensor, momentum: number): void {
  moving.write(
    moving
      .read()
      .mul(momentum)
      .add(batch.mul(1 - momentum)),
  )
}

interface BatchNormalizationState {
  readonly gamma: { read(): Tensor }
  readonly beta: { read(): Tensor }
  readonly movingMean: MovingStatistic
  readonly movingVariance: MovingStatistic
  readonly epsilon: number
  readonly momentum: number
}

/** Batch normalisation over the last axis; the moving variance is over the biased batch variance. */
export class FusedBatchNormalization extends StockBatchNormalization {
  override call(inputs: LayerInput, options: CallOptions): Tensor {
    // As in FusedDense: private in the declaration only.
    const state = this as unknown as BatchNormalizationState
    const weights = { gamma: state.gamma.read(), beta: state.beta.read() }
    const input = singleTensor(inputs)
    return tf.tidy(() => {
      if (!options.training) {
        const { movingMean, movingVariance, epsilon } = state
        return batchNormalizationInference(input, weights, movingMean.read(), movingVariance.read(), epsilon)
      }
      return batchNormalizationTraining(input, weights, state.epsilon, (mean, variance) => {
        updateMoving(state.movingMean, mean, state.momentum)
        updateMoving(state.movingVariance, variance, state.momentum)
      })
    })
  }
}
