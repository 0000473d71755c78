/** Group normalisation for any TensorFlow.js; see `custom-layers.ts`. */
export const groupNormalizationSource = `/**
 * Group normalisation (Wu and He 2018): gamma * (x - mean) / sqrt(variance + epsilon) + beta, where mean and variance
 * are those of each image over height, width and the channels of one group. Weights: gamma and beta, [channels].
 *
 * import * as tf from '@tensorflow/tfjs'
 * import { registerGroupNormalization } from './group-normalization.mjs'
 * registerGroupNormalization(tf)
 * const model = await tf.loadLayersModel('model.json')
 */
export function registerGroupNormalization(tf) {
  class GroupNormalization extends tf.layers.Layer {
    constructor(config) {
      super(config)
      this.groups = config.groups
      this.epsilon = config.epsilon
    }

    build(inputShape) {
      const shape = [inputShape[inputShape.length - 1]]
      this.gamma = this.addWeight('gamma', shape, 'float32', tf.initializers.ones())
      this.beta = this.addWeight('beta', shape, 'float32', tf.initializers.zeros())
      super.build(inputShape)
    }

    computeOutputShape(inputShape) {
      return inputShape
    }

    call(inputs) {
      return tf.tidy(() => {
        const input = Array.isArray(inputs) ? inputs[0] : inputs
        const channels = input.shape[input.shape.length - 1]
        const groups = tf.reshape(input, [input.shape[0], -1, this.groups, channels / this.groups])
        const { mean, variance } = tf.moments(groups, [1, 3], true)
        const normalized = tf.div(tf.sub(groups, mean), tf.sqrt(tf.add(variance, this.epsilon)))
        return tf.add(tf.mul(tf.reshape(normalized, input.shape), this.gamma.read()), this.beta.read())
      })
    }

    getConfig() {
      return { ...super.getConfig(), groups: this.groups, epsilon: this.epsilon }
    }
  }
  GroupNormalization.className = 'GroupNormalization'
  tf.serialization.registerClass(GroupNormalization)
}
`
