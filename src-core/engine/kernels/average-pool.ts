import { attribute, execute, tf, type Tensor } from '../backend.ts'
import { channelsLast, floatType, paddingAttribute } from './attributes.ts'
import { differentiable } from './differentiable.ts'
import type { MaxPoolOptions } from './max-pool.ts'

/**
 * Mean of each window, no border.
 * @param input [batch, height, width, channels]
 */
export function averagePool(input: Tensor, { size, stride }: MaxPoolOptions): Tensor {
  const attributes = [
    floatType,
    attribute.int('ksize', [1, size, size, 1]),
    attribute.int('strides', [1, stride, stride, 1]),
    paddingAttribute.valid,
    channelsLast,
  ]
  return differentiable([input], () => ({
    value: execute('AvgPool', attributes, [input]),
    saved: [],
    gradients: (upstream) => [
      tf.tidy(() => execute('AvgPoolGrad', attributes, [tf.tensor1d(input.shape, 'int32'), upstream])),
    ],
  }))
}
