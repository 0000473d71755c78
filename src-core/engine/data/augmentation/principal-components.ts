/** Directions in which the colours of a set of pixels vary, the strongest first. */
export interface PrincipalComponents {
  /** Unit vectors, one number per channel. */
  readonly directions: readonly (readonly number[])[]
  /** Variances along them (eigenvalues of the covariance). */
  readonly variances: readonly number[]
}

type Matrix = number[][]

/** Population covariance of the channels over all pixels of some images, each [pixels, channels] values of 0 to 1. */
export function channelCovariance(images: Iterable<Float32Array>, channels: number): Matrix {
  const sums = new Float64Array(channels)
  const products = new Float64Array(channels * channels)
  let pixels = 0
  for (const values of images) {
    pixels += values.length / channels
    for (let start = 0; start < values.length; start += channels) {
      for (let row = 0; row < channels; row++) {
        const value = values[start + row]!
        sums[row]! += value
        for (let column = 0; column < channels; column++) {
          products[row * channels + column]! += value * values[start + column]!
        }
      }
    }
  }
  return Array.from({ length: channels }, (_, row) =>
    Array.from(
      sums,
      (sum, column) => products[row * channels + column]! / pixels - (sums[row]! / pixels) * (sum / pixels),
    ),
  )
}

/** Turns rows and columns p and q of the symmetric matrix so that their common cell becomes 0 (Jacobi 1846). */
function rotate(matrix: Matrix, vectors: Matrix, p: number, q: number): void {
  if (matrix[p]![q] === 0) return
  const angle = 0.5 * Math.atan2(2 * matrix[p]![q]!, matrix[q]![q]! - matrix[p]![p]!)
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)]
  const turnColumns = (cells: Matrix): void => {
    for (const row of cells) {
      const [left, right] = [row[p]!, row[q]!]
      row[p] = cosine * left - sine * right
      row[q] = sine * left + cosine * right
    }
  }
  turnColumns(matrix)
  const [upper, lower] = [matrix[p]!, matrix[q]!]
  matrix[p] = upper.map((value, column) => cosine * value - sine * lower[column]!)
  matrix[q] = upper.map((value, column) => sine * value + cosine * lower[column]!)
  turnColumns(vectors)
}

/** Of the two unit vectors on a line the one whose largest number is positive. */
function pointedUp(vector: readonly number[]): number[] {
  const largest = vector.reduce((found, value) => (Math.abs(value) > Math.abs(found) ? value : found), 0)
  return vector.map((value) => (largest < 0 ? -value : value))
}

/** Each sweep squares the error of so small a matrix: eight reach the last bit. */
const sweeps = 8

/** Unit eigenvectors and eigenvalues of a symmetric matrix by Jacobi's rotations, the largest eigenvalue first. */
export function principalComponents(covariance: readonly (readonly number[])[]): PrincipalComponents {
  const size = covariance.length
  const matrix = covariance.map((row) => [...row])
  const vectors: Matrix = covariance.map((_, row) => covariance.map((_, column) => (row === column ? 1 : 0)))
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(matrix, vectors, p, q)
  }
  const order = covariance.map((_, index) => index).sort((a, b) => matrix[b]![b]! - matrix[a]![a]!)
  return {
    directions: order.map((index) => pointedUp(vectors.map((row) => row[index]!))),
    variances: order.map((index) => Math.max(0, matrix[index]![index]!)),
  }
}
