import { attribute, execute, tf, types, type Tensor } from '../../../backend.ts'
import { floatType } from '../../attributes.ts'
import type { ConvolutionKernels } from '../convolution-kernels.ts'
import { planTiles, type TilePlan } from './tiles.ts'
import { outputSide, tileSide, tileTransforms, type FlatMatrix } from './transforms.ts'

/**
 * Convolution of stride 1 and padding `same` by Winograd's minimal filtering: the images are cut into tiles, tiles and
 * filters are transformed, and what remains are 36 products of matrices with a 2.8th to a quarter of the arithmetic.
 * Everything is made of gathering and matrix products, at which TensorFlow is as fast as the machine.
 */

/**
 * Transformed tiles are at most so large together, in bytes: about a processor's cache. A larger batch goes through in
 * stretches of images, which costs nothing measurable and keeps the memory of a step small.
 */
const mostTileBytes = 2 ** 27

const placesOfTile = tileSide * tileSide

interface Sizes {
  readonly channels: number
  readonly filters: number
  readonly taps: number
}

function sizesOf(filterShape: readonly number[]): Sizes {
  const [taps, , channels, filters] = filterShape as [number, number, number, number]
  return { taps, channels, filters }
}

function plansFor(imageShape: readonly number[], { taps, channels, filters }: Sizes): readonly TilePlan[] {
  const [images, height, width] = imageShape as [number, number, number]
  const tilesPerImage = Math.ceil(height / outputSide(taps)) * Math.ceil(width / outputSide(taps))
  const bytesPerImage = 4 * placesOfTile * tilesPerImage * (channels + filters)
  const mostImages = Math.max(1, Math.floor(mostTileBytes / bytesPerImage))
  return planTiles({ images, height, width, taps }, mostImages)
}

const gatherAttributes = [
  attribute.int('batch_dims', 0),
  attribute.type('Tparams', types.float32),
  attribute.type('Tindices', types.int32),
  attribute.type('Taxis', types.int32),
]

/** Rows of a table [rows, channels]. */
function gather(table: Tensor, rows: Int32Array): Tensor {
  return execute('GatherV2', gatherAttributes, [table, tf.tensor1d(rows, 'int32'), tf.scalar(0, 'int32')])
}

const segmentAttributes = [floatType, attribute.type('Tidx', types.int32), attribute.type('Tsegmentids', types.int32)]

/** Sums of rows of a table, one for each run of equal `pixels`. */
function sumRows(table: Tensor, rows: Int32Array, pixels: Int32Array): Tensor {
  const indices = [tf.tensor1d(rows, 'int32'), tf.tensor1d(pixels, 'int32')]
  return execute('SparseSegmentSum', segmentAttributes, [table, ...indices])
}

/** matrix x values or, transposed, matrixᵀ x values, where values [columns, ...] count as a matrix. */
function transform({ rows, columns, values }: FlatMatrix, tiles: Tensor, transposed = false): Tensor {
  const attributes = [floatType, attribute.bool('transpose_a', transposed), attribute.bool('transpose_b', false)]
  const matrix = tf.tensor2d(values, [rows, columns])
  return execute('MatMul', attributes, [matrix, tiles.reshape([transposed ? rows : columns, -1])])
}

/** One product per place of the tile. */
function products(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor {
  const attributes = [floatType, attribute.bool('adj_x', transposeA), attribute.bool('adj_y', transposeB)]
  return execute('BatchMatMulV2', attributes, [a, b])
}

/** A table of pixels [images * height * width + 1, channels] whose last row is zeros: the border. */
function pixelTable(images: Tensor): Tensor {
  const channels = images.shape[3]!
  return tf.concat([images.reshape([-1, channels]), tf.zeros([1, channels])], 0)
}

/** The filter [taps, taps, channels, filters] transformed: [36, channels, filters]. */
function transformedFilter(filter: Tensor, { taps, channels, filters }: Sizes): Tensor {
  return transform(tileTransforms(taps).filter, filter.reshape([taps * taps, -1])).reshape([
    placesOfTile,
    channels,
    filters,
  ])
}

/** Input tiles of a stretch, transformed: [36, tiles, channels]. */
function transformedInput(table: Tensor, plan: TilePlan, { taps, channels }: Sizes): Tensor {
  const tiles = gather(table, plan.inputRows)
  return transform(tileTransforms(taps).input, tiles.reshape([placesOfTile, -1])).reshape([
    placesOfTile,
    plan.tiles,
    channels,
  ])
}

/** The gradient of the output of a stretch, as one of its transformed tiles: [36, tiles, filters]. */
function transformedUpstream(table: Tensor, plan: TilePlan, { taps, filters }: Sizes): Tensor {
  const side = outputSide(taps)
  const tiles = gather(table, plan.outputTileRows).reshape([side * side, -1])
  return transform(tileTransforms(taps).output, tiles, true).reshape([placesOfTile, plan.tiles, filters])
}

/** Each stretch in a tidy of its own, so that only one stretch's tiles are in memory at a time. */
function byStretch(plans: readonly TilePlan[], compute: (plan: TilePlan) => Tensor): Tensor[] {
  return plans.map((plan) => tf.tidy(() => compute(plan)))
}

function joined(parts: Tensor[], shape: readonly number[]): Tensor {
  return (parts.length === 1 ? parts[0]! : tf.concat(parts, 0)).reshape([...shape])
}

function added(parts: Tensor[]): Tensor {
  return parts.length === 1 ? parts[0]! : tf.addN(parts)
}

function forward(input: Tensor, filter: Tensor): Tensor {
  return tf.tidy(() => {
    const sizes = sizesOf(filter.shape)
    const [table, weights] = [pixelTable(input), transformedFilter(filter, sizes)]
    const parts = byStretch(plansFor(input.shape, sizes), (plan) => {
      const tiles = products(transformedInput(table, plan, sizes), weights, false, false)
      const outputs = transform(tileTransforms(sizes.taps).output, tiles.reshape([placesOfTile, -1]))
      return gather(outputs.reshape([-1, sizes.filters]), plan.pixelRows)
    })
    return joined(parts, [...input.shape.slice(0, 3), sizes.filters])
  })
}

/** The transpose of `forward` in its input, for the transformed gradient of a stretch. */
function inputGradientOf(upstream: Tensor, weights: Tensor, plan: TilePlan, { taps, channels }: Sizes): Tensor {
  const tiles = products(upstream, weights, false, true)
  const values = transform(tileTransforms(taps).input, tiles.reshape([placesOfTile, -1]), true)
  return sumRows(values.reshape([-1, channels]), plan.overlapRows, plan.overlapPixels)
}

function inputGradient(upstream: Tensor, inputShape: number[], filter: Tensor): Tensor {
  return tf.tidy(() => {
    const sizes = sizesOf(filter.shape)
    const [table, weights] = [pixelTable(upstream), transformedFilter(filter, sizes)]
    const parts = byStretch(plansFor(inputShape, sizes), (plan) =>
      inputGradientOf(transformedUpstream(table, plan, sizes), weights, plan, sizes),
    )
    return joined(parts, inputShape)
  })
}

/** From sums of products [36, channels, filters] to the gradient of the filter. */
function filterGradientOf(sums: Tensor, filterShape: readonly number[], { taps }: Sizes): Tensor {
  return transform(tileTransforms(taps).filter, sums.reshape([placesOfTile, -1]), true).reshape([...filterShape])
}

function filterGradient(upstream: Tensor, input: Tensor, filterShape: number[]): Tensor {
  return tf.tidy(() => {
    const sizes = sizesOf(filterShape)
    const [table, upstreamTable] = [pixelTable(input), pixelTable(upstream)]
    const sums = byStretch(plansFor(input.shape, sizes), (plan) =>
      products(transformedInput(table, plan, sizes), transformedUpstream(upstreamTable, plan, sizes), true, false),
    )
    return filterGradientOf(added(sums), filterShape, sizes)
  })
}

/** Both gradients; the tiles of the output's gradient are transformed once for both. */
function bothGradients(upstream: Tensor, input: Tensor, filter: Tensor): [Tensor, Tensor] {
  return tf.tidy(() => {
    const sizes = sizesOf(filter.shape)
    const [table, upstreamTable] = [pixelTable(input), pixelTable(upstream)]
    const weights = transformedFilter(filter, sizes)
    const parts = plansFor(input.shape, sizes).map((plan) =>
      tf.tidy((): [Tensor, Tensor] => {
        const tiles = transformedUpstream(upstreamTable, plan, sizes)
        return [
          inputGradientOf(tiles, weights, plan, sizes),
          products(transformedInput(table, plan, sizes), tiles, true, false),
        ]
      }),
    )
    return [
      joined(
        parts.map(([images]) => images),
        input.shape,
      ),
      filterGradientOf(added(parts.map(([, sums]) => sums)), filter.shape, sizes),
    ]
  })
}

export const winogradKernels: ConvolutionKernels = { forward, inputGradient, filterGradient, bothGradients }
