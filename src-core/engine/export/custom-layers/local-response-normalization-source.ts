/** Local response normalisation for any TensorFlow.js; see `custom-layers.ts`. */
export const localResponseNormalizationSource = `/**
 * Local response normalisation (Krizhevsky et al. 2012, section 3.3):
 * b = a / (k + alpha * sum of a^2 over the n neighbouring channels)^beta. Alpha is not divided by n.
 *
 * import * as tf from '@tensorflow/tfjs'
 * import { registerLocalResponseNormalization } from './local-response-normalization.mjs'
 * registerLocalResponseNormalization(tf)
 * const model = await tf.loadLayersModel('model.json')
 */
export function registerLocalResponseNormalization(tf) {
  class LocalResponseNormalization extends tf.layers.Layer {
    constructor(config) {
      super(config)
      this.n = config.n
      this.k = config.k
      this.alpha = config.alpha
      this.beta = config.beta
    }

    computeOutputShape(inputShape) {
      return inputShape
    }

    call(inputs) {
      const input = Array.isArray(inputs) ? inputs[0] : inputs
      return tf.localResponseNormalization(input, (this.n - 1) / 2, this.k, this.alpha, this.beta)
    }

    getConfig() {
      return { ...super.getConfig(), n: this.n, k: this.k, alpha: this.alpha, beta: this.beta }
    }
  }
  LocalResponseNormalization.className = 'LocalResponseNormalization'
  tf.serialization.registerClass(LocalResponseNormalization)
}
`
