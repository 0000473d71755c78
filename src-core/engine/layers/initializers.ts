import { deriveSeed } from '../../domain/random.ts'
import type { ModelSpec } from '../../domain/spec/model-spec.ts'
import { tf, type Tensor } from '../backend.ts'
import {
  statelessNormal,
  statelessTruncatedNormal,
  statelessUniform,
  type SeedPair,
} from '../kernels/stateless-random.ts'
import type { Initializer } from './stock.ts'

type Distribution = ModelSpec['initializer']

/** Standard deviation of a standard normal that is cut off at two. */
const truncatedDeviation = 0.87962566103423978

interface Fans {
  readonly fanIn: number
  readonly fanOut: number
}

/**
 * Inputs and outputs of one unit: [inputs, units] or [height, width, channels, filters]. A grouped convolution's
 * kernel has the channels of one group, so its filters count the inputs that they see.
 */
function fans(shape: readonly number[]): Fans {
  const field = shape.slice(0, -2).reduce((product, side) => product * side, 1)
  return { fanIn: field * shape.at(-2)!, fanOut: field * shape.at(-1)! }
}

type Draw = (shape: readonly number[], seed: SeedPair) => Tensor

/** Lets go of `values` at once: the largest weights are 150 MB, and three steps of a draw would hold three of them. */
function consuming(values: Tensor, change: (values: Tensor) => Tensor): Tensor {
  const changed = change(values)
  values.dispose()
  return changed
}

function truncatedNormal(variance: (fans: Fans) => number): Draw {
  return (shape, seed) => {
    const deviation = Math.sqrt(variance(fans(shape))) / truncatedDeviation
    return consuming(statelessTruncatedNormal(shape, seed), (values) => values.mul(deviation))
  }
}

/** Uniform in -limit..limit has the variance limit^2 / 3. */
function uniform(variance: (fans: Fans) => number): Draw {
  return (shape, seed) => {
    const limit = Math.sqrt(3 * variance(fans(shape)))
    const scaled = consuming(statelessUniform(shape, seed), (values) => values.mul(2 * limit))
    return consuming(scaled, (values) => values.sub(limit))
  }
}

const he = ({ fanIn }: Fans): number => 2 / fanIn
const glorot = ({ fanIn, fanOut }: Fans): number => 2 / (fanIn + fanOut)

const draws: Record<Distribution, Draw> = {
  'he-normal': truncatedNormal(he),
  'he-uniform': uniform(he),
  'glorot-normal': truncatedNormal(glorot),
  'glorot-uniform': uniform(glorot),
  'normal-0.01': (shape, seed) => consuming(statelessNormal(shape, seed), (values) => values.mul(0.01)),
}

/**
 * First values of the weight `name`, a pure function of (run seed, name, shape).
 * he (He et al. 2015, equation 10): variance 2/fanIn, so a uniform limit of sqrt(6/fanIn). glorot (Glorot and Bengio
 * 2010, equation 16): variance 2/(fanIn + fanOut), so a uniform limit of sqrt(6/(fanIn + fanOut)). Normal ones are cut
 * off at two deviations, as in Keras. normal-0.01: Krizhevsky et al. 2012, section 5, not cut off.
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
  'he-uniform': tf.initializers.heUniform({}),
  'glorot-normal': tf.initializers.glorotNormal({}),
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
