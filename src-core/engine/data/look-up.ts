import { luminance, type PixelTransform } from './pixel-transform.ts'

/** Turns bytes [pixels, stored channels] into fresh floats [pixels, result channels]. */
export type LookUp = (pixels: Uint8Array) => Float32Array

function table(at: (value: number) => number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, value) => at(value))
}

/** Each channel by its own table. */
function byChannel(pixels: Uint8Array, tables: readonly Float32Array[]): Float32Array {
  const channels = tables.length
  const floats = new Float32Array(pixels.length)
  for (let channel = 0; channel < channels; channel++) {
    const values = tables[channel]!
    for (let i = channel; i < pixels.length; i += channels) floats[i] = values[pixels[i]!]!
  }
  return floats
}

/** The sum of the three channels' tables. */
function summed(pixels: Uint8Array, [red, green, blue]: readonly Float32Array[]): Float32Array {
  const floats = new Float32Array(pixels.length / 3)
  for (let i = 0, from = 0; i < floats.length; i++, from += 3) {
    floats[i] = red![pixels[from]!]! + green![pixels[from + 1]!]! + blue![pixels[from + 2]!]!
  }
  return floats
}

/**
 * Makes the conversion of stored bytes by tables of the 256 results, so that an image costs one look-up per byte.
 * @param transform applied to the result, which has `resultChannels` channels; its first ones are read.
 * @param resultChannels as many as stored, or 1 for the luminance of three.
 */
export function makeLookUp(
  { scale, mean, standardDeviation }: PixelTransform,
  storedChannels: number,
  resultChannels: number,
): LookUp {
  if (storedChannels === resultChannels) {
    const tables = Array.from({ length: storedChannels }, (_, channel) =>
      table((value) => (value * scale - mean[channel]!) / standardDeviation[channel]!),
    )
    return (pixels) => byChannel(pixels, tables)
  }
  // The weights sum to 1, so each channel may subtract the mean in its share.
  const tables = luminance.map((weight) =>
    table((value) => (weight * (value * scale - mean[0]!)) / standardDeviation[0]!),
  )
  return (pixels) => summed(pixels, tables)
}
