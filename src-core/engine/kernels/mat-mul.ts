import type { Precision } from '../../domain/spec/training-spec.ts'
import { attribute, execute, type Attribute, type NativeValue, type Tensor } from '../backend.ts'
import { floatType } from './attributes.ts'
import { bfloat16Type, executeBfloat16, withBfloat16 } from './bfloat16.ts'
import { differentiable } from './differentiable.ts'

function transposed(a: boolean, b: boolean): Attribute[] {
  return [attribute.bool('transpose_a', a), attribute.bool('transpose_b', b)]
}

function product(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor {
  return execute('MatMul', [floatType, ...transposed(transposeA, transposeB)], [a, b])
}

function bfloat16Product(a: NativeValue, b: NativeValue, transposeA: boolean, transposeB: boolean): Tensor {
  return executeBfloat16('MatMul', [bfloat16Type, ...transposed(transposeA, transposeB)], [a, b])
}

function float32MatMul(input: Tensor, kernel: Tensor): Tensor {
  return differentiable([input, kernel], () => ({
    value: product(input, kernel, false, false),
    saved: [input, kernel],
    gradients: (upstream, [x, weights]) => [
      product(upstream, weights!, false, true),
      product(x!, upstream, true, false),
    ],
  }))
}

function bfloat16MatMul(input: Tensor, kernel: Tensor): Tensor {
  return differentiable([input, kernel], () => ({
    value: withBfloat16([input, kernel], (x, weights) => bfloat16Product(x, weights, false, false)),
    saved: [input, kernel],
    gradients: (upstream, [x, weights]) =>
      withBfloat16([upstream, x!, weights!], (dy, inputs, kernels) => [
        bfloat16Product(dy, kernels, false, true),
        bfloat16Product(inputs, dy, true, false),
      ]),
  }))
}

/** [batch, inputs] x [inputs, units] -> [batch, units]. In bfloat16 only the products are: inputs and results are float32. */
export function matMul(input: Tensor, kernel: Tensor, precision: Precision = 'float32'): Tensor {
  return (precision === 'bfloat16' ? bfloat16MatMul : float32MatMul)(input, kernel)
}
