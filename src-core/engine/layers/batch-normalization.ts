import { tf, type Tensor } from '../backend.ts'
import { batchNormalizationInference, batchNormalizationTraining } from '../kernels/batch-normalization.ts'
import { singleTensor, StockBatchNormalization, type CallOptions, type LayerInput } from './stock.ts'

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
  private readonly isFrozen: () => boolean

  /**
   * @param isFrozen asked at every training step: while true the layer computes with its moving statistics and does
   * not update them. Not part of the saved configuration.
   */
  constructor(args: ConstructorParameters<typeof StockBatchNormalization>[0], isFrozen: () => boolean = () => false) {
    super(args)
    this.isFrozen = isFrozen
  }

  override call(inputs: LayerInput, options: CallOptions): Tensor {
    // The stock class keeps its weights private to the declaration, not to the object.
    const state = this as unknown as BatchNormalizationState
    const weights = { gamma: state.gamma.read(), beta: state.beta.read() }
    const input = singleTensor(inputs)
    return tf.tidy(() => {
      if (!options.training || this.isFrozen()) {
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
