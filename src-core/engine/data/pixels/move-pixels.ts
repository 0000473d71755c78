import type { ImageChange } from '../augmentation/draws.ts'

/** The part of a change that moves pixels by whole numbers. */
export type Move = Pick<ImageChange, 'cropRow' | 'cropColumn' | 'mirrored' | 'shiftDown' | 'shiftRight'>

export interface Pictures {
  /** Side of the square images, and of what is cut out of them, in pixels. */
  readonly side: number
  readonly size: number
  readonly channels: 1 | 3
}

/** A row of pixels backwards. Colour has a loop of its own: it is most of the time that a batch takes. */
function copyMirrored(from: Uint8Array, to: Uint8Array, columns: number, channels: number): void {
  if (channels !== 3) {
    for (let column = 0, last = columns - 1; column < columns; column++) to[column] = from[last - column]!
    return
  }
  for (let target = 0, source = 3 * (columns - 1); source >= 0; target += 3, source -= 3) {
    to[target] = from[source]!
    to[target + 1] = from[source + 1]!
    to[target + 2] = from[source + 2]!
  }
}

/** One image; `target` is black and stays so where the source has no pixels. */
function moveImage(source: Uint8Array, target: Uint8Array, move: Move, { side, size, channels }: Pictures): void {
  // Where the result lies in the source: its columns may run backwards, but cover the same stretch.
  const left = move.cropColumn + (move.mirrored ? move.shiftRight : -move.shiftRight)
  const top = move.cropRow - move.shiftDown
  const first = Math.max(0, left)
  const columns = Math.min(side, left + size) - first
  if (columns <= 0) return
  const start = move.mirrored ? left + size - first - columns : first - left
  for (let row = Math.max(0, -top); row < Math.min(size, side - top); row++) {
    const from = ((row + top) * side + first) * channels
    const stretch = source.subarray(from, from + columns * channels)
    const to = target.subarray((row * size + start) * channels)
    if (move.mirrored) copyMirrored(stretch, to, columns, channels)
    else to.set(stretch)
  }
}

/**
 * Cuts a square out of every image, mirrors it, then shifts it: the same bytes, copied, as `resample` gives with angle
 * 0 and scale 1. Black where the source has no pixels; where it is larger than the crop, what moves in is the picture
 * around the crop.
 * @param pixels [images, side, side, channels]
 * @param moves one per image
 * @returns [images, size, size, channels], in a fresh array
 */
export function movePixels(pixels: Uint8Array, moves: readonly Move[], pictures: Pictures): Uint8Array {
  const { side, size, channels } = pictures
  const [before, after] = [side * side * channels, size * size * channels]
  const moved = new Uint8Array(moves.length * after)
  moves.forEach((move, image) => {
    const source = pixels.subarray(image * before, (image + 1) * before)
    moveImage(source, moved.subarray(image * after, (image + 1) * after), move, pictures)
  })
  return moved
}
