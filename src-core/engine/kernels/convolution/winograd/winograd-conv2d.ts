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
 * Transformed tiles of input and output are at most so large together, in bytes; tiles before their transform take as
 * much again. A larger batch goes through in stretches of images. A quarter of this saves 150 MB of a full AlexNet's
 * step and costs 4 % of its time.
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

/** Some images that are convolved together. */
interface Stretch {
  readonly plan: TilePlan
  readonly firstImage: number
}

function stretchesOf(imageShape: readonly number[], { taps, channels, filters }: Sizes): Stretch[] {
  const [images, height, width] = imageShape as [number, number, number]
  const tilesPerImage = Math.ceil(height / outputSide(taps)) * Math.ceil(width / outputSide(taps))
  const bytesPerImage = 4 * placesOfTile * tilesPerImage * (channels + filters)
  const mostImages = Math.max(1, Math.floor(mostTileBytes / bytesPerImage))
  let firstImage = 0
  return planTiles({ images, height, width, taps }, mostImages).map((plan) => {
    const stretch = { plan, firstImage }
    firstImage += plan.images
    return stretch
  })
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

/** The pixels of a stretch, [images * height * width + 1, channels], whose last row is zeros: the border. */
function pixelTable(images: Tensor, { plan, firstImage }: Stretch): Tensor {
  const channels = images.shape[3]!
  const isWhole = plan.images === images.shape[0]
  const stretch = isWhole ? images : images.slice([firstImage], [plan.images])
  return tf.concat([stretch.reshape([-1, channels]), tf.zeros([1, channels])], 0)
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
function transformedInput(input: Tensor, stretch: Stretch, { taps, channels }: Sizes): Tensor {
  const { inputRows, tiles } = stretch.plan
  return tf.tidy(() => {
    const places = gather(pixelTable(input, stretch), inputRows).reshape([placesOfTile, -1])
    return transform(tileTransforms(taps).input, places).reshape([placesOfTile, tiles, channels])
  })
}

/** The gradient of the output of a stretch, as one of its transformed tiles: [36, tiles, filters]. */
function transformedUpstream(upstream: Tensor, stretch: Stretch, { taps, filters }: Sizes): Tensor {
  const { outputTileRows, tiles } = stretch.plan
  return tf.tidy(() => {
    const places = gather(pixelTable(upstream, stretch), outputTileRows).reshape([outputSide(taps) ** 2, -1])
    return transform(tileTransforms(taps).output, places, true).reshape([placesOfTile, tiles, filters])
  })
}

function joined(parts: Tensor[], shape: readonly number[]): Tensor {
  return (parts.length === 1 ? parts[0]! : tf.concat(parts, 0)).reshape([...shape])
}

function added(parts: Tensor[]): Tensor {
  return parts.length === 1 ? parts[0]! : tf.addN(parts)
}

function outputOf(input: Tensor, weights: Tensor, stretch: Stretch, sizes: Sizes): Tensor {
  return tf.tidy(() => {
    const tiles = tf.tidy(() => products(transformedInput(input, stretch, sizes), weights, false, false))
    const outputs = transform(tileTransforms(sizes.taps).output, tiles.reshape([placesOfTile, -1]))
    return gather(outputs.reshape([-1, sizes.filters]), stretch.plan.pixelRows)
  })
}

function forward(input: Tensor, filter: Tensor): Tensor {
  return tf.tidy(() => {
    const sizes = sizesOf(filter.shape)
    const weights = transformedFilter(filter, sizes)
    const parts = stretchesOf(input.shape, sizes).map((stretch) => outputOf(input, weights, stretch, sizes))
    return joined(parts, [...input.shape.slice(0, 3), sizes.filters])
  })
}

/** The transpose of `outputOf` in its input, for the transformed gradient of a stretch. */
function inputGradientOf(tiles: Tensor, weights: Tensor, { plan }: Stretch, { taps, channels }: Sizes): Tensor {
  return tf.tidy(() => {
    const places = tf.tidy(() => products(tiles, weights, false, true).reshape([placesOfTile, -1]))
    const values = transform(tileTransforms(taps).input, places, true)
    return sumRows(values.reshape([-1, channels]), plan.overlapRows, plan.overlapPixels)
  })
}

function inputGradient(upstream: Tensor, inputShape: number[], filter: Tensor): Tensor {
  return tf.tidy(() => {
    const sizes = sizesOf(filter.shape)
    const weights = transformedFilter(filter, sizes)
    const parts = stretchesOf(inputShape, sizes).map((stretch) =>
      tf.tidy(() => inputGradientOf(transformedUpstream(upstream, stretch, sizes), weights, stretch, sizes)),
    )
    return joined(parts, inputShape)
  })
}

/** Sums of products over the tiles of a stretch, [36, channels, filters]. */
function filterSums(tiles: Tensor, input: Tensor, stretch: Stretch, sizes: Sizes): Tensor {
  return tf.tidy(() => products(transformedInput(input, stretch, sizes), tiles, true, false))
}

function filterGradientOf(sums: Tensor, filterShape: readonly number[], { taps }: Sizes): Tensor {
  return transform(tileTransforms(taps).filter, sums.reshape([placesOfTile, -1]), true).reshape([...filterShape])
}

function filterGradient(upstream: Tensor, input: Tensor, filterShape: number[]): Tensor {
  return tf.tidy(() => {
    const sizes = sizesOf(filterShape)
    const sums = stretchesOf(input.shape, sizes).map((stretch) =>
      tf.tidy(() => filterSums(transformedUpstream(upstream, stretch, sizes), input, stretch, sizes)),
    )
    return filterGradientOf(added(sums), filterShape, sizes)
  })
}

/** Both gradients; the tiles of the output's gradient are transformed once for both. */
function bothGradients(upstream: Tensor, input: Tensor, filter: Tensor): [Tensor, Tensor] {
  return tf.tidy(() => {
    const sizes = sizesOf(filter.shape)
    const weights = transformedFilter(filter, sizes)
    const parts = stretchesOf(input.shape, sizes).map((stretch) =>
      tf.tidy((): [Tensor, Tensor] => {
        const tiles = transformedUpstream(upstream, stretch, sizes)
        const sums = filterSums(tiles, input, stretch, sizes)
        return [inputGradientOf(tiles, weights, stretch, sizes), sums]
      }),
    )
    const images = joined(parts.map(([part]) => part), input.shape) // prettier-ignore
    return [images, filterGradientOf(added(parts.map(([, sums]) => sums)), filter.shape, sizes)]
  })
}

export const winogradKernels: ConvolutionKernels = { forward, inputGradient, filterGradient, bothGradients }
