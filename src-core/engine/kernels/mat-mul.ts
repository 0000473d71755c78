import type { Precision } from '../../domain/spec/training-spec.ts'
import { attribute, execute, type Attribute, type NativeValue, type Tensor } from '../backend.ts'
import { floatType } from './attributes.ts'
import { bfloat16Type, executeBfloat16, withBfloat16 } from './bfloat16.ts'
import { differentiable, type Differentiable } from './differentiable.ts'

export interface MatMulOptions {
  /** Arithmetic of the products; float32 where it is not said. Inputs and results are float32 always. */
  readonly precision?: Precision
  /** Takes the gradient of the kernel as soon as it is there, and gives back what shall stand for it. */
  readonly takeKernelGradient?: (gradient: Tensor) => Tensor
}

function transposed(a: boolean, b: boolean): Attribute[] {
  return [attribute.bool('transpose_a', a), attribute.bool('transpose_b', b)]
}

function product(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor {
  return execute('MatMul', [floatType, ...transposed(transposeA, transposeB)], [a, b])
}

function bfloat16Product(a: NativeValue, b: NativeValue, transposeA: boolean, transposeB: boolean): Tensor {
  return executeBfloat16('MatMul', [bfloat16Type, ...transposed(transposeA, transposeB)], [a, b])
}

function inFloat32(input: Tensor, kernel: Tensor): Differentiable {
  return {
    value: product(input, kernel, false, false),
    saved: [input, kernel],
    gradients: (upstream, [x, weights]) => [
      product(upstream, weights!, false, true),
      product(x!, upstream, true, false),
    ],
  }
}

function inBfloat16(input: Tensor, kernel: Tensor): Differentiable {
  return {
    value: withBfloat16([input, kernel], (x, weights) => bfloat16Product(x, weights, false, false)),
    saved: [input, kernel],
    gradients: (upstream, [x, weights]) =>
      withBfloat16([upstream, x!, weights!], (dy, inputs, kernels) => [
        bfloat16Product(dy, kernels, false, true),
        bfloat16Product(inputs, dy, true, false),
      ]),
  }
}

/** [batch, inputs] x [inputs, units] -> [batch, units]. */
export function matMul(
  input: Tensor,
  kernel: Tensor,
  { precision = 'float32', takeKernelGradient }: MatMulOptions = {},
): Tensor {
  const compute = precision === 'bfloat16' ? inBfloat16 : inFloat32
  if (!takeKernelGradient) return differentiable([input, kernel], () => compute(input, kernel))
  return differentiable([input, kernel], () => ({
    ...compute(input, kernel),
    finish: ([ofInput, ofKernel]) => [ofInput!, takeKernelGradient(ofKernel!)],
  }))
}
