import { uniformGenerator } from '../../domain/random.ts'
import { tf, type Tensor1D, type Tensor2D } from '../backend.ts'

/** Rounds of the iteration: the first components of activations are found to four digits after half as many. */
const rounds = 12
/** More directions than are wanted let the wanted ones settle sooner. */
const spare = 6

export interface PrincipalComponents {
  /** One row per row that was given. */
  readonly coordinates: number[][]
  /** Share of the variance that the components hold together. */
  readonly explained: number
}

/**
 * The first principal components of `rows`, by subspace iteration from a fixed start (Halko, Martinsson and Tropp
 * 2011, algorithm 4.4): with thousands of columns a whole decomposition would take minutes.
 * @param rows of one length, at least two
 */
export function principalComponents(rows: readonly (readonly number[])[], components: number): PrincipalComponents {
  return tf.tidy(() => {
    const values = tf.tensor2d(rows as number[][])
    const centred = tf.sub(values, values.mean(0, true)) as Tensor2D
    const directions = leadingDirections(centred, Math.min(components + spare, centred.shape[1]))
    const places = tf.matMul(centred, directions, false, true) as Tensor2D
    const strengths = places.square().sum(0).dataSync()
    const order = Array.from(strengths, (_, at) => at)
      .sort((a, b) => strengths[b]! - strengths[a]!)
      .slice(0, components)
    const kept = tf.gather(places, order, 1) as Tensor2D
    const total = centred.square().sum().dataSync()[0]!
    const explained = total > 0 ? kept.square().sum().dataSync()[0]! / total : 1
    return { coordinates: kept.arraySync(), explained: Math.min(1, explained) }
  })
}

/** @returns [count, columns], orthonormal. */
function leadingDirections(centred: Tensor2D, count: number): Tensor2D {
  const columns = centred.shape[1]
  const random = uniformGenerator(1)
  let directions = tf.tensor2d(
    Float32Array.from({ length: count * columns }, () => random() - 0.5),
    [count, columns],
  )
  for (let round = 0; round < rounds; round++) {
    const previous = directions
    directions = tf.tidy(() => {
      const projected = tf.matMul(previous, centred, false, true)
      const pulled = tf.matMul(projected, centred) as Tensor2D
      return orthonormal(pulled)
    })
    previous.dispose()
  }
  return directions
}

/** Gram-Schmidt; a direction of which nothing is left, as in data of few dimensions, becomes zero. */
function orthonormal(rows: Tensor2D): Tensor2D {
  const done: Tensor1D[] = []
  for (const row of tf.unstack(rows) as Tensor1D[]) {
    const length = row.norm()
    let rest = row.div(length.maximum(1e-30)) as Tensor1D
    // Twice, because float32 leaves a part of the others in the first time.
    for (let time = 0; time < 2; time++) {
      for (const other of done) rest = rest.sub(other.mul(rest.dot(other))) as Tensor1D
    }
    const left = rest.norm().dataSync()[0]!
    done.push(left > 1e-5 ? (rest.div(left) as Tensor1D) : (tf.zerosLike(rest) as Tensor1D))
  }
  return tf.stack(done) as Tensor2D
}
