import { WorkbenchError } from '../../src-core/domain/errors.ts'
import type { Pictures } from '../../src-core/domain/evaluation/artifact.ts'

/**
 * Each picture's pixels for a canvas: size x size values of red, green, blue and opacity.
 * @throws WorkbenchError `invalid-value` when the bytes are not those of so many pictures.
 */
export function decodePictures({ count, size, channels, pixels }: Pictures): Uint8ClampedArray<ArrayBuffer>[] {
  const bytes = Uint8Array.from(atob(pixels), (character) => character.charCodeAt(0))
  const places = size * size
  const expected = count * places * channels
  if (bytes.length !== expected) {
    throw new WorkbenchError(
      'invalid-value',
      `pixels: expected ${expected} bytes for ${count} pictures of ${size} x ${size} x ${channels}, but got ${bytes.length}.`,
      { expected, got: bytes.length },
    )
  }
  return Array.from({ length: count }, (_, index) => {
    const rgba = new Uint8ClampedArray(places * 4).fill(255)
    for (let place = 0; place < places; place++) {
      const from = (index * places + place) * channels
      for (let color = 0; color < 3; color++) rgba[place * 4 + color] = bytes[from + (channels === 3 ? color : 0)]!
    }
    return rgba
  })
}

/** How many screen pixels one of a picture's takes, so that the picture is about as large as wanted; at least 1. */
export function magnification(size: number, wanted: number): number {
  return Math.max(1, Math.round(wanted / size))
}
