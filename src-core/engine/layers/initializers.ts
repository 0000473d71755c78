import { deriveSeed } from '../../domain/random.ts'
import type { ModelSpec } from '../../domain/spec/model-spec.ts'
import { tf, type Tensor } from '../backend.ts'
import {
  statelessNormal,
  statelessTruncatedNormal,
  statelessUniform,
  type SeedPair,
} from '../kernels/stateless-random.ts'

type Distribution = ModelSpec['initializer']
type Initializer = ReturnType<typeof tf.initializers.zeros>

/** Standard deviation of a standard normal that is cut off at two. */
const truncatedDeviation = 0.87962566103423978

/** Inputs and outputs of one unit: [inputs, units] or [height, width, channels, filters]. */
function fans(shape: readonly number[]): { fanIn: number; fanOut: number } {
  const field = shape.slice(0, -2).reduce((product, side) => product * side, 1)
  return { fanIn: field * shape.at(-2)!, fanOut: field * shape.at(-1)! }
}

const draws: Record<Distribution, (shape: readonly number[], seed: SeedPair) => Tensor> = {
  'he-normal': (shape, seed) =>
    statelessTruncatedNormal(shape, seed).mul(Math.sqrt(2 / fans(shape).fanIn) / truncatedDeviation),
  'glorot-uniform': (shape, seed) => {
    const { fanIn, fanOut } = fans(shape)
    const limit = Math.sqrt(6 / (fanIn + fanOut))
    return statelessUniform(shape, seed)
      .mul(2 * limit)
      .sub(limit)
  },
  'normal-0.01': (shape, seed) => statelessNormal(shape, seed).mul(0.01),
}

/**
 * First values of the weight `name`, a pure function of (run seed, name, shape).
 * he-normal (He et al. 2015): normal cut off at two deviations, variance 2/fanIn. glorot-uniform (Glorot and
 * Bengio 2010): uniform with limit sqrt(6/(fanIn + fanOut)). normal-0.01 (Krizhevsky et al. 2012).
 */
function drawInitialWeights(
  distribution: Distribution,
  shape: readonly number[],
  runSeed: number,
  name: string,
): Tensor {
  return tf.tidy(() => draws[distribution](shape, [deriveSeed(runSeed, `initialise/${name}`), 0]))
}

const stock: Record<Distribution, Initializer> = {
  'he-normal': tf.initializers.heNormal({}),
  'glorot-uniform': tf.initializers.glorotUniform({}),
  'normal-0.01': tf.initializers.randomNormal({ mean: 0, stddev: 0.01 }),
}

/**
 * The initializer of one weight. Saved models name tfjs's own initializer of the same distribution, which draws
 * in JavaScript (minutes for a full AlexNet) and cannot be told to be stateless.
 */
export function statelessInitializer(distribution: Distribution, runSeed: number, name: string): Initializer {
  const initializer = Object.create(stock[distribution]) as Initializer
  initializer.apply = (shape) => drawInitialWeights(distribution, shape as number[], runSeed, name)
  return initializer
}
