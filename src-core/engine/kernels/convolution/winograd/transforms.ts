/**
 * The matrices of Winograd's minimal filtering F(m, r): m outputs of a filter of r taps out of m + r - 1 products
 * instead of m * r (Winograd 1980; Lavin and Gray 2016, equations 5 to 8). All filters of Ablate use tiles of 6 x 6:
 * 4 x 4 outputs of a 3 x 3 filter, 2 x 2 outputs of a 5 x 5 one.
 */

/** Side of the tiles that are multiplied value by value. */
export const tileSide = 6

/**
 * Where polynomials are evaluated, besides infinity. One half and minus two beside the usual 0, 1 and -1 keep the
 * rounding error a third lower than 2 and -2 do (Barabasz et al. 2020).
 */
const points = [0, 1, -1, 0.5, -2]

type Matrix = readonly (readonly number[])[]

/** A matrix by rows, with its size. */
export interface FlatMatrix {
  readonly rows: number
  readonly columns: number
  readonly values: Float32Array
}

/** The three transforms of whole tiles; a tile of k x k values counts as k² rows. */
export interface TileTransforms {
  /** [36, 36]: from the values of an input tile. */
  readonly input: FlatMatrix
  /** [36, r²]: from the taps of a filter. */
  readonly filter: FlatMatrix
  /** [m², 36]: to the values of an output tile. */
  readonly output: FlatMatrix
}

/** Coefficients of the product of (x - root), lowest power first. */
function polynomial(roots: readonly number[]): number[] {
  return roots.reduce<number[]>(
    (coefficients, root) => [0, ...coefficients].map((value, power) => value - root * (coefficients[power] ?? 0)),
    [1],
  )
}

function without<T>(list: readonly T[], index: number): T[] {
  return list.filter((_, place) => place !== index)
}

function powers(base: number, count: number): number[] {
  return Array.from({ length: count }, (_, power) => base ** power)
}

/** The row of the point at infinity: the highest power alone. */
function highest(count: number): number[] {
  return Array.from({ length: count }, (_, power) => (power === count - 1 ? 1 : 0))
}

/** Row j interpolates: the polynomial that is zero at all other points. */
function inputMatrix(): Matrix {
  return [...points.map((_, j) => [...polynomial(without(points, j)), 0]), polynomial(points)]
}

function filterMatrix(taps: number): Matrix {
  const scaled = points.map((point, j) => {
    const scale = without(points, j).reduce((product, other) => product * (point - other), 1)
    return powers(point, taps).map((value) => value / scale)
  })
  return [...scaled, highest(taps)]
}

function outputMatrix(outputs: number): Matrix {
  const columns = [...points.map((point) => powers(point, outputs)), highest(outputs)]
  return Array.from({ length: outputs }, (_, row) => columns.map((column) => column[row]!))
}

/** The Kronecker product with itself: a transform of rows and columns as one of all values of a tile. */
function inTwoDimensions(matrix: Matrix): FlatMatrix {
  const rows = matrix.flatMap((upper) => matrix.map((lower) => upper.flatMap((a) => lower.map((b) => a * b))))
  return { rows: rows.length, columns: rows[0]!.length, values: Float32Array.from(rows.flat()) }
}

/** Side of the output tiles of a filter with `taps` x `taps` taps. */
export function outputSide(taps: number): number {
  return tileSide - taps + 1
}

const made = new Map<number, TileTransforms>()

/** @param taps side of the filter: 3 or 5. */
export function tileTransforms(taps: number): TileTransforms {
  const known = made.get(taps)
  if (known) return known
  const transforms = {
    input: inTwoDimensions(inputMatrix()),
    filter: inTwoDimensions(filterMatrix(taps)),
    output: inTwoDimensions(outputMatrix(outputSide(taps))),
  }
  made.set(taps, transforms)
  return transforms
}
