import { tf, type Tensor } from '../backend.ts'

/**
 * The stock layer classes of TensorFlow.js, which it exports only through factories. Our layers extend them and
 * override what is computed, never the configuration or the class name: a model of ours is saved as stock layers,
 * loads anywhere, and there computes with the stock implementations.
 */

type Factory = (args: never) => object
type ClassOf<F extends Factory> = new (args: Parameters<F>[0]) => ReturnType<F>

function classOf<F extends Factory>(factory: F, args: Parameters<F>[0]): ClassOf<F> {
  return factory(args as never).constructor as ClassOf<F>
}

export const StockConv2D = classOf(tf.layers.conv2d, { filters: 1, kernelSize: 1 })
export const StockDense = classOf(tf.layers.dense, { units: 1 })
export const StockBatchNormalization = classOf(tf.layers.batchNormalization, {})
export const StockDropout = classOf(tf.layers.dropout, { rate: 0.5 })
export const StockMaxPooling2D = classOf(tf.layers.maxPooling2d, { poolSize: 2 })
export const StockAveragePooling2D = classOf(tf.layers.averagePooling2d, { poolSize: 2 })
export const StockLeakyReLU = classOf(tf.layers.leakyReLU, {})
export const StockActivation = classOf(tf.layers.activation, { activation: 'relu' })

export type Conv2DArgs = Parameters<typeof tf.layers.conv2d>[0]
export type DenseArgs = Parameters<typeof tf.layers.dense>[0]
export type LayerArgs = ConstructorParameters<typeof tf.layers.Layer>[0]
export type LayerConfig = ReturnType<InstanceType<typeof tf.layers.Layer>['getConfig']>
export type Initializer = ReturnType<typeof tf.initializers.zeros>
export type LayerInput = Tensor | Tensor[]
export interface CallOptions {
  readonly training?: boolean
}

/** Layers are handed one tensor or a list of one. */
export function singleTensor(inputs: LayerInput): Tensor {
  return Array.isArray(inputs) ? inputs[0]! : inputs
}
