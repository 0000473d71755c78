import { attribute, execute, executeMany, tf, usesGpu, type Attribute, type Tensor } from '../backend.ts'
import { channelsLast, floatType, paddingAttribute } from './attributes.ts'
import { differentiable, type Differentiable } from './differentiable.ts'

export interface MaxPoolOptions {
  readonly size: number
  readonly stride: number
}

function attributesOf({ size, stride }: MaxPoolOptions): Attribute[] {
  return [
    floatType,
    attribute.int('ksize', [1, size, size, 1]),
    attribute.int('strides', [1, stride, stride, 1]),
    paddingAttribute.valid,
    channelsLast,
  ]
}

/** TensorFlow's graph rewriter marks its oneDNN kernels so; by hand they can be called only with the same mark. */
const oneDnnAttributes = [attribute.bool('workspace_enabled', true), attribute.text('_kernel', 'MklNameChangeOp')]

/** TensorFlow's own MaxPoolGrad searches the maxima again: seven times the cost of the oneDNN pair below. */
function plainMaxPool(input: Tensor, attributes: Attribute[]): Differentiable {
  const value = execute('MaxPool', attributes, [input])
  return {
    value,
    saved: [input, value],
    gradients: (upstream, [images, output]) => [execute('MaxPoolGrad', attributes, [images!, output!, upstream])],
  }
}

/** oneDNN's pair remembers the place of each maximum in a workspace. */
function oneDnnMaxPool(input: Tensor, attributes: Attribute[]): Differentiable {
  const all = [...attributes, ...oneDnnAttributes]
  const [value, workspace] = executeMany('_MklNativeMaxPool', all, [input], 2) as [Tensor, Tensor]
  return {
    value,
    saved: [input, value, workspace],
    gradients: (upstream, [images, output, places]) => [
      execute('_MklNativeMaxPoolGrad', all, [images!, output!, upstream, places!]),
    ],
  }
}

/** The oneDNN kernels exist in x86 builds only, and only for the CPU. */
function probeOneDnn(): boolean {
  if (usesGpu) return false
  try {
    tf.tidy(() =>
      tf.grad((x) => differentiable([x], () => oneDnnMaxPool(x, attributesOf({ size: 2, stride: 2 }))))(
        tf.ones([1, 2, 2, 1]),
      ),
    )
    return true
  } catch {
    return false
  }
}

let oneDnn: boolean | undefined

/** Whether max pools run through oneDNN's kernels. Probed once. */
export function hasOneDnnMaxPool(): boolean {
  return (oneDnn ??= probeOneDnn())
}

/**
 * Largest value of each window, no border.
 * @param input [batch, height, width, channels]
 */
export function maxPool(input: Tensor, options: MaxPoolOptions, useOneDnn = hasOneDnnMaxPool()): Tensor {
  const attributes = attributesOf(options)
  return differentiable([input], () => (useOneDnn ? oneDnnMaxPool : plainMaxPool)(input, attributes))
}
