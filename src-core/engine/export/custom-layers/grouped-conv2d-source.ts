/** The grouped convolution for any TensorFlow.js; see `custom-layers.ts`. */
export const groupedConv2DSource = `/**
 * Convolution in groups (Krizhevsky et al. 2012, section 3.5; PyTorch's groups): each group of filters sees its own
 * group of channels only. Weights: kernel [side, side, channels / groups, filters], bias [filters].
 *
 * import * as tf from '@tensorflow/tfjs'
 * import { registerGroupedConv2D } from './grouped-conv2d.mjs'
 * registerGroupedConv2D(tf)
 * const model = await tf.loadLayersModel('model.json')
 */
export function registerGroupedConv2D(tf) {
  class GroupedConv2D extends tf.layers.Layer {
    constructor(config) {
      super(config)
      this.filters = config.filters
      this.kernelSize = config.kernelSize
      this.strides = config.strides
      this.padding = config.padding
      this.groups = config.groups
    }

    build(inputShape) {
      const shape = [this.kernelSize, this.kernelSize, inputShape[3] / this.groups, this.filters]
      this.kernel = this.addWeight('kernel', shape, 'float32', tf.initializers.zeros())
      this.bias = this.addWeight('bias', [this.filters], 'float32', tf.initializers.zeros())
      super.build(inputShape)
    }

    computeOutputShape([batch, height, width]) {
      const side = (size) =>
        this.padding === 'same'
          ? Math.ceil(size / this.strides)
          : Math.floor((size - this.kernelSize) / this.strides) + 1
      return [batch, side(height), side(width), this.filters]
    }

    call(inputs) {
      return tf.tidy(() => {
        const input = Array.isArray(inputs) ? inputs[0] : inputs
        const kernels = tf.split(this.kernel.read(), this.groups, 3)
        const groups = tf.split(input, this.groups, 3)
        const outputs = groups.map((group, i) => tf.conv2d(group, kernels[i], this.strides, this.padding))
        return tf.add(tf.concat(outputs, 3), this.bias.read())
      })
    }

    getConfig() {
      const { filters, kernelSize, strides, padding, groups } = this
      return { ...super.getConfig(), filters, kernelSize, strides, padding, groups }
    }
  }
  GroupedConv2D.className = 'GroupedConv2D'
  tf.serialization.registerClass(GroupedConv2D)
}
`
