import { tf, type NativeValue, type Tensor } from '../../backend.ts'
import { bfloat16Type, executeBfloat16, withBfloat16 } from '../bfloat16.ts'
import { geometryAttributes, type ConvolutionKernels, type ConvolutionOptions } from './convolution-kernels.ts'

/** TensorFlow's kernels in bfloat16; inputs and results are float32. */
export function bfloat16Kernels(options: ConvolutionOptions): ConvolutionKernels {
  const attributes = [bfloat16Type, ...geometryAttributes(options)]
  const shapeTensor = (shape: readonly number[]): Tensor => tf.tensor1d([...shape], 'int32')
  const inputGradient = (upstream: NativeValue, shape: readonly number[], filter: NativeValue): Tensor =>
    executeBfloat16('Conv2DBackpropInput', attributes, [shapeTensor(shape), filter, upstream])
  const filterGradient = (upstream: NativeValue, input: NativeValue, shape: readonly number[]): Tensor =>
    executeBfloat16('Conv2DBackpropFilter', attributes, [input, shapeTensor(shape), upstream])
  return {
    forward: (input, filter) => withBfloat16([input, filter], (x, w) => executeBfloat16('Conv2D', attributes, [x, w])),
    inputGradient: (upstream, shape, filter) =>
      tf.tidy(() => withBfloat16([upstream, filter], (dy, w) => inputGradient(dy, shape, w))),
    filterGradient: (upstream, input, shape) =>
      tf.tidy(() => withBfloat16([upstream, input], (dy, x) => filterGradient(dy, x, shape))),
    bothGradients: (upstream, input, filter) =>
      tf.tidy(() =>
        withBfloat16([upstream, input, filter], (dy, x, w): [Tensor, Tensor] => [
          inputGradient(dy, input.shape, w),
          filterGradient(dy, x, filter.shape),
        ]),
      ),
  }
}
