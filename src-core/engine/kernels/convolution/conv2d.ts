import type { Precision } from '../../../domain/spec/training-spec.ts'
import type { Tensor } from '../../backend.ts'
import { convolutionKernels, type ConvolutionKernels, type ConvolutionOptions } from './convolution-kernels.ts'
import { differentiable } from '../differentiable.ts'

export interface Conv2dOptions extends ConvolutionOptions {
  /** False for the first layer: nobody wants the gradient of the images, and it costs a third of the layer's step. */
  readonly inputGradient?: boolean
  /** Arithmetic of the products; float32 where it is not said. */
  readonly precision?: Precision
}

function convolve(kernels: ConvolutionKernels, input: Tensor, filter: Tensor, inputGradient: boolean): Tensor {
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
    gradients: (upstream, [images, weights]) => kernels.bothGradients(upstream, images!, weights!),
  }))
}

/**
 * Convolution by TensorFlow's Conv2D, or by Winograd's minimal filtering where that is quicker.
 * @param input [batch, height, width, channels]
 * @param filter [kernel height, kernel width, channels, filters]
 * @returns [batch, output height, output width, filters]
 */
export function conv2d(input: Tensor, filter: Tensor, options: Conv2dOptions): Tensor {
  return groupedConv2d(input, filter, 1, options)
}

/**
 * Convolution in which each group of filters sees its own group of channels only (Krizhevsky et al. 2012, section
 * 3.5; PyTorch's `groups`). Both must be divisible by `groups`.
 * @param input [batch, height, width, channels]
 * @param filter [kernel height, kernel width, channels / groups, filters]
 * @returns [batch, output height, output width, filters]
 */
export function groupedConv2d(input: Tensor, filter: Tensor, groups: number, options: Conv2dOptions): Tensor {
  return convolve(convolutionKernels(groups, options, options.precision), input, filter, options.inputGradient ?? true)
}
