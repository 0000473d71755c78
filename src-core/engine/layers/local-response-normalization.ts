import { tf, type Tensor } from '../backend.ts'
import {
  localResponseNormalization,
  type LocalResponseNormalizationOptions,
} from '../kernels/local-response-normalization.ts'
import { singleTensor, type LayerArgs, type LayerConfig, type LayerInput } from './stock.ts'

export type LocalResponseNormalizationArgs = LayerArgs & LocalResponseNormalizationOptions

/**
 * Local response normalisation in the form of Krizhevsky et al. 2012, section 3.3; TensorFlow.js has
 * none. Its configuration is numbers only, because tfjs rewrites strings while loading.
 */
export class LocalResponseNormalization extends tf.layers.Layer {
  static className = 'LocalResponseNormalization'
  private readonly options: LocalResponseNormalizationOptions

  constructor(args: LocalResponseNormalizationArgs) {
    super(args)
    const { n, k, alpha, beta } = args
    this.options = { n, k, alpha, beta }
  }

  override computeOutputShape(inputShape: number[]): number[] {
    return inputShape
  }

  override call(inputs: LayerInput): Tensor {
    return localResponseNormalization(singleTensor(inputs), this.options)
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), ...this.options }
  }
}
