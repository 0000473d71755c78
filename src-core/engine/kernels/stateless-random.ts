import { attribute, execute, tf, types, type Tensor } from '../backend.ts'

/** Two int32 numbers that decide every draw; equal pairs give equal tensors on any number of threads. */
export type SeedPair = readonly [number, number]

const attributes = [
  attribute.type('dtype', types.float32),
  attribute.type('T', types.int32),
  attribute.type('Tseed', types.int32),
]

function draw(operation: string, shape: readonly number[], seed: SeedPair): Tensor {
  return tf.tidy(() =>
    execute(operation, attributes, [tf.tensor1d([...shape], 'int32'), tf.tensor1d([...seed], 'int32')]),
  )
}

/** Uniform in [0, 1). */
export function statelessUniform(shape: readonly number[], seed: SeedPair): Tensor {
  return draw('StatelessRandomUniform', shape, seed)
}

/** Normal with mean 0 and standard deviation 1. */
export function statelessNormal(shape: readonly number[], seed: SeedPair): Tensor {
  return draw('StatelessRandomNormal', shape, seed)
}

/** The standard normal cut off at two standard deviations: its own standard deviation is 0.87962566103423978. */
export function statelessTruncatedNormal(shape: readonly number[], seed: SeedPair): Tensor {
  return draw('StatelessTruncatedNormal', shape, seed)
}
