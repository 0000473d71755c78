import { attribute, execute, tf, type Attribute, type Tensor } from '../backend.ts'
import { channelsLast, floatType, paddingAttribute, type Padding } from './attributes.ts'
import { differentiable } from './differentiable.ts'

export interface Conv2dOptions {
  readonly stride: number
  readonly padding: Padding
  /** False for the first layer: nobody wants the gradient of the images, and it costs a third of the layer's step. */
  readonly inputGradient?: boolean
}

function attributesOf({ stride, padding }: Conv2dOptions): Attribute[] {
  return [
    floatType,
    attribute.int('strides', [1, stride, stride, 1]),
    attribute.int('dilations', [1, 1, 1, 1]),
    paddingAttribute[padding],
    channelsLast,
    attribute.bool('use_cudnn_on_gpu', true),
  ]
}

/**
 * Convolution by TensorFlow's Conv2D.
 * @param input [batch, height, width, channels]
 * @param filter [kernel height, kernel width, channels, filters]
 * @returns [batch, output height, output width, filters]
 */
export function conv2d(input: Tensor, filter: Tensor, options: Conv2dOptions): Tensor {
  const attributes = attributesOf(options)
  const filterGradient = (upstream: Tensor, images: Tensor): Tensor =>
    execute('Conv2DBackpropFilter', attributes, [images, tf.tensor1d(filter.shape, 'int32'), upstream])
  if (options.inputGradient === false) {
    return differentiable([filter], () => ({
      value: execute('Conv2D', attributes, [input, filter]),
      saved: [input],
      gradients: (upstream, [images]) => [filterGradient(upstream, images!)],
    }))
  }
  return differentiable([input, filter], () => ({
    value: execute('Conv2D', attributes, [input, filter]),
    saved: [input, filter],
    gradients: (upstream, [images, weights]) => [
      execute('Conv2DBackpropInput', attributes, [tf.tensor1d(input.shape, 'int32'), weights!, upstream]),
      filterGradient(upstream, images!),
    ],
  }))
}
