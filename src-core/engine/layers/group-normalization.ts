import { tf, type Tensor } from '../backend.ts'
import { groupNormalization, type GroupNormalizationOptions } from '../kernels/group-normalization.ts'
import { singleTensor, type LayerArgs, type LayerConfig, type LayerInput } from './stock.ts'

export type GroupNormalizationArgs = LayerArgs & GroupNormalizationOptions

/**
 * Group normalisation (Wu and He 2018) over the last axis; TensorFlow.js has none.
 * Weights: gamma and beta, [channels], which begin at 1 and 0.
 */
export class GroupNormalization extends tf.layers.Layer {
  static className = 'GroupNormalization'
  private readonly options: GroupNormalizationOptions
  private gamma!: { read(): Tensor }
  private beta!: { read(): Tensor }

  constructor(args: GroupNormalizationArgs) {
    super(args)
    this.options = { groups: args.groups, epsilon: args.epsilon }
  }

  override build(inputShape: number[]): void {
    const shape = [inputShape.at(-1)!]
    this.gamma = this.addWeight('gamma', shape, 'float32', tf.initializers.ones())
    this.beta = this.addWeight('beta', shape, 'float32', tf.initializers.zeros())
    super.build(inputShape)
  }

  override computeOutputShape(inputShape: number[]): number[] {
    return inputShape
  }

  override call(inputs: LayerInput): Tensor {
    return tf.tidy(() => groupNormalization(singleTensor(inputs), this.gamma.read(), this.beta.read(), this.options))
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), ...this.options }
  }
}
