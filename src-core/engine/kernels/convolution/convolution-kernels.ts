import type { Precision } from '../../../domain/spec/training-spec.ts'
import { attribute, execute, tf, type Attribute, type Tensor } from '../../backend.ts'
import { channelsLast, floatType, paddingAttribute, type Padding } from '../attributes.ts'
import { bfloat16Kernels } from './bfloat16-kernels.ts'
import { prefersWinograd, type Direction } from './winograd/preference.ts'
import { winogradKernels } from './winograd/winograd-conv2d.ts'

export interface ConvolutionOptions {
  readonly stride: number
  readonly padding: Padding
}

/** The kernels of one convolution, none of them with a gradient of its own. */
export interface ConvolutionKernels {
  forward(input: Tensor, filter: Tensor): Tensor
  inputGradient(upstream: Tensor, inputShape: number[], filter: Tensor): Tensor
  filterGradient(upstream: Tensor, input: Tensor, filterShape: number[]): Tensor
  /** The gradients of input and filter. */
  bothGradients(upstream: Tensor, input: Tensor, filter: Tensor): [Tensor, Tensor]
}

/** What Conv2D and its gradients are told beside the type of their values. */
export function geometryAttributes({ stride, padding }: ConvolutionOptions): Attribute[] {
  return [
    attribute.int('strides', [1, stride, stride, 1]),
    attribute.int('dilations', [1, 1, 1, 1]),
    paddingAttribute[padding],
    channelsLast,
    attribute.bool('use_cudnn_on_gpu', true),
  ]
}

/** TensorFlow's own kernels. */
export function directKernels(options: ConvolutionOptions): ConvolutionKernels {
  const attributes = [floatType, ...geometryAttributes(options)]
  const shapeTensor = (shape: number[]): Tensor => tf.tensor1d(shape, 'int32')
  const inputGradient: ConvolutionKernels['inputGradient'] = (upstream, shape, filter) =>
    tf.tidy(() => execute('Conv2DBackpropInput', attributes, [shapeTensor(shape), filter, upstream]))
  const filterGradient: ConvolutionKernels['filterGradient'] = (upstream, input, shape) =>
    tf.tidy(() => execute('Conv2DBackpropFilter', attributes, [input, shapeTensor(shape), upstream]))
  return {
    forward: (input, filter) => execute('Conv2D', attributes, [input, filter]),
    inputGradient,
    filterGradient,
    bothGradients: (upstream, input, filter) => [
      inputGradient(upstream, input.shape, filter),
      filterGradient(upstream, input, filter.shape),
    ],
  }
}

/** Each call by the way that is quicker for its shape. */
function quickestKernels(options: ConvolutionOptions): ConvolutionKernels {
  const direct = directKernels(options)
  const quickest = (direction: Direction, filterShape: number[], imageShape: number[]): ConvolutionKernels =>
    prefersWinograd(direction, filterShape, imageShape, options) ? winogradKernels : direct
  return {
    forward: (input, filter) => quickest('forward', filter.shape, input.shape).forward(input, filter),
    inputGradient: (upstream, shape, filter) =>
      quickest('backward', filter.shape, shape).inputGradient(upstream, shape, filter),
    filterGradient: (upstream, input, shape) =>
      quickest('backward', shape, input.shape).filterGradient(upstream, input, shape),
    bothGradients: (upstream, input, filter) =>
      quickest('backward', filter.shape, input.shape).bothGradients(upstream, input, filter),
  }
}

function channelGroup(shape: number[], groups: number): number[] {
  return [...shape.slice(0, -1), shape.at(-1)! / groups]
}

/** The same kernels once per group of channels: TensorFlow's own grouped ones have no gradient on the CPU. */
function groupedKernels(groups: number, each: ConvolutionKernels): ConvolutionKernels {
  const split = (tensor: Tensor): Tensor[] => tf.split(tensor, groups, -1)
  const join = (parts: Tensor[]): Tensor => tf.concat(parts, -1)
  const perGroup = (first: Tensor, second: Tensor, compute: (a: Tensor, b: Tensor) => Tensor): Tensor =>
    tf.tidy(() => {
      const seconds = split(second)
      return join(split(first).map((part, group) => compute(part, seconds[group]!)))
    })
  return {
    forward: (input, filter) => perGroup(input, filter, each.forward),
    inputGradient: (upstream, shape, filter) =>
      perGroup(upstream, filter, (part, weights) => each.inputGradient(part, channelGroup(shape, groups), weights)),
    filterGradient: (upstream, input, shape) =>
      perGroup(upstream, input, (part, images) => each.filterGradient(part, images, channelGroup(shape, groups))),
    bothGradients: (upstream, input, filter) =>
      tf.tidy((): [Tensor, Tensor] => {
        const [inputs, filters] = [split(input), split(filter)]
        const parts = split(upstream).map((part, group) => each.bothGradients(part, inputs[group]!, filters[group]!))
        return [join(parts.map(([images]) => images)), join(parts.map(([, weights]) => weights))]
      }),
  }
}

/** The kernels of a convolution in `groups` parts; 1 for an ordinary one. */
export function convolutionKernels(
  groups: number,
  options: ConvolutionOptions,
  precision: Precision = 'float32',
): ConvolutionKernels {
  const each = precision === 'bfloat16' ? bfloat16Kernels(options) : quickestKernels(options)
  return groups === 1 ? each : groupedKernels(groups, each)
}
