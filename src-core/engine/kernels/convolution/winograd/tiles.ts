import { outputSide, tileSide } from './transforms.ts'

/** Images that are convolved: stride 1, the output as large as the input. */
export interface Geometry {
  readonly images: number
  readonly height: number
  readonly width: number
  /** Side of the filter: 3 or 5. */
  readonly taps: number
}

/** A list of places, one per row of a table of values. */
type Rows = Int32Array<ArrayBuffer>

/**
 * Where the rows of one stretch of images come from and go to, so that cutting into tiles and putting together are
 * one gathering each. A row holds all channels of a place. Tables of tiles have one row per place in the tile and tile,
 * in this order; tables of pixels have one more row than the stretch has pixels: the border, zeros.
 */
export interface TilePlan {
  readonly images: number
  readonly tiles: number
  /** Pixels into input tiles that overlap, [36 * tiles]. */
  readonly inputRows: Rows
  /** Pixels into output tiles, [outputSide² * tiles]: for the gradient of the output. */
  readonly outputTileRows: Rows
  /** Output tiles into the pixels of this stretch, [images * height * width]. */
  readonly pixelRows: Rows
  /** Input tiles that overlap summed into the pixels of this stretch: rows of tiles, and the pixel of each. */
  readonly overlapRows: Rows
  readonly overlapPixels: Rows
}

interface Tiling {
  /** Side of the tiles, and by how much they reach over the image's edge at the top and on the left. */
  readonly side: number
  readonly border: number
}

function tileCount({ images, height, width, taps }: Geometry): number {
  const step = outputSide(taps)
  return images * Math.ceil(height / step) * Math.ceil(width / step)
}

/** The pixel below each place in a tile and each tile; outside the image the row of zeros. */
function pixelsBelow(geometry: Geometry, { side, border }: Tiling): Rows {
  const { images, height, width, taps } = geometry
  const step = outputSide(taps)
  const outside = images * height * width
  const rows = new Int32Array(side * side * tileCount(geometry))
  let at = 0
  for (let place = 0; place < side * side; place++) {
    const [down, right] = [Math.floor(place / side) - border, (place % side) - border]
    for (let image = 0; image < images; image++) {
      for (let y = down; y < height + down; y += step) {
        for (let x = right; x < width + right; x += step) {
          const inside = y >= 0 && x >= 0 && y < height && x < width
          rows[at++] = inside ? (image * height + y) * width + x : outside
        }
      }
    }
  }
  return rows
}

interface Ordered {
  readonly rows: Rows
  readonly pixels: Rows
}

/** The places that lie on a pixel, sorted by pixel (counting sort). */
function byPixel(pixelOf: Rows, pixelCount: number): Ordered {
  const next = new Int32Array(pixelCount + 1)
  for (const pixel of pixelOf) if (pixel < pixelCount) next[pixel + 1]!++
  for (let pixel = 0; pixel < pixelCount; pixel++) next[pixel + 1]! += next[pixel]!
  const [rows, pixels] = [new Int32Array(next[pixelCount]!), new Int32Array(next[pixelCount]!)]
  pixelOf.forEach((pixel, row) => {
    if (pixel >= pixelCount) return
    const at = next[pixel]!++
    rows[at] = row
    pixels[at] = pixel
  })
  return { rows, pixels }
}

function planStretch(geometry: Geometry): TilePlan {
  const { images, height, width, taps } = geometry
  const inputRows = pixelsBelow(geometry, { side: tileSide, border: (taps - 1) / 2 })
  const outputTileRows = pixelsBelow(geometry, { side: outputSide(taps), border: 0 })
  const overlap = byPixel(inputRows, images * height * width)
  return {
    images,
    tiles: tileCount(geometry),
    inputRows,
    outputTileRows,
    pixelRows: byPixel(outputTileRows, images * height * width).rows,
    overlapRows: overlap.rows,
    overlapPixels: overlap.pixels,
  }
}

/** Plans of the shapes seen so far: a process sees few, and a plan takes a small part of the memory of its tiles. */
const plans = new Map<string, readonly TilePlan[]>()

/** Plans stretches of at most `mostImages` images each. */
export function planTiles(geometry: Geometry, mostImages: number): readonly TilePlan[] {
  const { images, height, width, taps } = geometry
  const most = Math.min(images, mostImages)
  const key = [images, height, width, taps, most].join('x')
  const known = plans.get(key)
  if (known) return known
  const full = planStretch({ ...geometry, images: most })
  const planned = Array.from({ length: Math.floor(images / most) }, () => full)
  const left = images % most
  if (left > 0) planned.push(planStretch({ ...geometry, images: left }))
  plans.set(key, planned)
  return planned
}
