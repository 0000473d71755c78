import type { Tensor } from '../backend.ts'
import { convolutionKernels } from '../kernels/convolution/convolution-kernels.ts'
import { differentiable } from '../kernels/differentiable.ts'
import type { Padding } from '../kernels/attributes.ts'

/** How a convolution slides over its input; its transpose is described by the same words. */
export interface ConvolutionGeometry {
  readonly stride: number
  readonly padding: Padding
  readonly groups: number
}

/**
 * The transpose of a convolution: what its gradient applies to the output's gradient (Zeiler et al. 2010).
 * The same filter leads forth and back, so weights are tied.
 * @param hidden [batch, output height, output width, filters]: what the convolution would give.
 * @param filter [kernel height, kernel width, channels / groups, filters]
 * @param inputShape [batch, height, width, channels]: what the convolution would read.
 * @returns a tensor of `inputShape`
 */
export function transposedConv2d(
  hidden: Tensor,
  filter: Tensor,
  inputShape: readonly number[],
  { groups, ...options }: ConvolutionGeometry,
): Tensor {
  const kernels = convolutionKernels(groups, options)
  return differentiable([hidden, filter], () => ({
    value: kernels.inputGradient(hidden, [...inputShape], filter),
    saved: [hidden, filter],
    gradients: (upstream, [units, weights]) => [
      kernels.forward(upstream, weights!),
      kernels.filterGradient(units!, upstream, weights!.shape),
    ],
  }))
}
