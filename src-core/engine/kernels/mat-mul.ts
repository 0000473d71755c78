import { attribute, execute, type Tensor } from '../backend.ts'
import { floatType } from './attributes.ts'
import { differentiable } from './differentiable.ts'

function product(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor {
  const attributes = [floatType, attribute.bool('transpose_a', transposeA), attribute.bool('transpose_b', transposeB)]
  return execute('MatMul', attributes, [a, b])
}

/** [batch, inputs] x [inputs, units] -> [batch, units]. */
export function matMul(input: Tensor, kernel: Tensor): Tensor {
  return differentiable([input, kernel], () => ({
    value: product(input, kernel, false, false),
    saved: [input, kernel],
    gradients: (upstream, [x, weights]) => [
      product(upstream, weights!, false, true),
      product(x!, upstream, true, false),
    ],
  }))
}
