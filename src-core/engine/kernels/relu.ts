import { execute, type Tensor } from '../backend.ts'
import { floatType } from './attributes.ts'
import { differentiable } from './differentiable.ts'

/** max(x, 0). The gradient is read off the output, so the input need not be kept. */
export function relu(input: Tensor): Tensor {
  return differentiable([input], () => {
    const value = execute('Relu', [floatType], [input])
    return {
      value,
      saved: [value],
      gradients: (upstream, [output]) => [execute('ReluGrad', [floatType], [upstream, output!])],
    }
  })
}
