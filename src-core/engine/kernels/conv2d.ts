import { attribute, execute, tf, type Attribute, type Tensor } from '../backend.ts'
import { channelsLast, floatType, paddingAttribute, type Padding } from './attributes.ts'
import { differentiable } from './differentiable.ts'

export interface Conv2dOptions {
  readonly stride: number
  readonly padding: Padding
  /** False for the first layer: nobody wants the gradient of the images, and it costs a third of the layer's step. */
  readonly inputGradient?: boolean
}

/** The three kernels of one convolution, none of them with a gradient of its own. */
export interface ConvolutionKernels {
  forward(input: Tensor, filter: Tensor): Tensor
  inputGradient(upstream: Tensor, inputShape: number[], filter: Tensor): Tensor
  filterGradient(upstream: Tensor, input: Tensor, filterShape: number[]): Tensor
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

function plainKernels(options: Conv2dOptions): ConvolutionKernels {
  const attributes = attributesOf(options)
  const shapeTensor = (shape: number[]): Tensor => tf.tensor1d(shape, 'int32')
  return {
    forward: (input, filter) => execute('Conv2D', attributes, [input, filter]),
    inputGradient: (upstream, shape, filter) =>
      tf.tidy(() => execute('Conv2DBackpropInput', attributes, [shapeTensor(shape), filter, upstream])),
    filterGradient: (upstream, input, shape) =>
      tf.tidy(() => execute('Conv2DBackpropFilter', attributes, [input, shapeTensor(shape), upstream])),
  }
}

function channelGroup(shape: number[], groups: number): number[] {
  return [...shape.slice(0, -1), shape.at(-1)! / groups]
}

/** The same kernels once per group of channels: TensorFlow's own grouped ones have no gradient on the CPU. */
function groupedKernels(groups: number, each: ConvolutionKernels): ConvolutionKernels {
  const split = (tensor: Tensor): Tensor[] => tf.split(tensor, groups, -1)
  const perGroup = (first: Tensor, second: Tensor, compute: (a: Tensor, b: Tensor) => Tensor): Tensor =>
    tf.tidy(() => {
      const seconds = split(second)
      return tf.concat(
        split(first).map((part, group) => compute(part, seconds[group]!)),
        -1,
      )
    })
  return {
    forward: (input, filter) => perGroup(input, filter, each.forward),
    inputGradient: (upstream, shape, filter) =>
      perGroup(upstream, filter, (part, weights) => each.inputGradient(part, channelGroup(shape, groups), weights)),
    filterGradient: (upstream, input, shape) =>
      perGroup(upstream, input, (part, images) => each.filterGradient(part, images, channelGroup(shape, groups))),
  }
}

/** The kernels of a convolution in `groups` parts; 1 for an ordinary one. */
export function convolutionKernels(groups: number, options: Conv2dOptions): ConvolutionKernels {
  const plain = plainKernels(options)
  return groups === 1 ? plain : groupedKernels(groups, plain)
}

function convolve(kernels: ConvolutionKernels, input: Tensor, filter: Tensor, inputGradient: boolean): Tensor {
  const { shape } = input
  if (!inputGradient) {
    return differentiable([filter], () => ({
      value: kernels.forward(input, filter),
      saved: [input],
      gradients: (upstream, [images]) => [kernels.filterGradient(upstream, images!, filter.shape)],
    }))
  }
  return differentiable([input, filter], () => ({
    value: kernels.forward(input, filter),
    saved: [input, filter],
    gradients: (upstream, [images, weights]) => [
      kernels.inputGradient(upstream, shape, weights!),
      kernels.filterGradient(upstream, images!, weights!.shape),
    ],
  }))
}

/**
 * Convolution by TensorFlow's Conv2D.
 * @param input [batch, height, width, channels]
 * @param filter [kernel height, kernel width, channels, filters]
 * @returns [batch, output height, output width, filters]
 */
export function conv2d(input: Tensor, filter: Tensor, options: Conv2dOptions): Tensor {
  return convolve(convolutionKernels(1, options), input, filter, options.inputGradient ?? true)
}

/**
 * Convolution in which each group of filters sees its own group of channels only (Krizhevsky et al. 2012, section
 * 3.5; PyTorch's `groups`). Both must be divisible by `groups`.
 * @param input [batch, height, width, channels]
 * @param filter [kernel height, kernel width, channels / groups, filters]
 * @returns [batch, output height, output width, filters]
 */
export function groupedConv2d(input: Tensor, filter: Tensor, groups: number, options: Conv2dOptions): Tensor {
  return convolve(convolutionKernels(groups, options), input, filter, options.inputGradient ?? true)
}
