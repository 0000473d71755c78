import { isIdentity, luminance, type PixelTransform } from './pixel-transform.ts'

/**
 * Turns bytes [pixels, stored channels] into floats [pixels, result channels]: in `into` where that has the right
 * length, otherwise in a fresh array.
 */
export type LookUp = (pixels: Uint8Array, into?: Float32Array | null) => Float32Array

/** Fills an array of the right length. */
type Fill = (pixels: Uint8Array, floats: Float32Array) => void

export interface LookUpForm {
  /** Of the result, which has `resultChannels` channels; its first ones are read. */
  readonly transform: PixelTransform
  readonly storedChannels: 1 | 3
  /** As many as stored; 3 for grey that is repeated; 1 for the luminance of three. */
  readonly resultChannels: 1 | 3
  /** A normalisation of the result, in the single precision in which TensorFlow would do it; null for none. */
  readonly standardize: PixelTransform | null
}

type Finish = (value: number, channel: number) => number

function table(at: (value: number) => number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, value) => at(value))
}

/**
 * (value - mean) * (1 / deviation) of a float32 value, rounded after each of the two operations: the same bits as
 * TensorFlow's subtraction and multiplication give.
 */
function finisher(transform: PixelTransform | null): Finish {
  if (transform === null || isIdentity(transform)) return (value) => value
  const means = Float32Array.from(transform.mean)
  const scales = Float32Array.from(transform.standardDeviation, (deviation) => 1 / deviation)
  return (value, channel) => Math.fround(Math.fround(value - means[channel]!) * scales[channel]!)
}

/** One channel. */
function grey(pixels: Uint8Array, values: Float32Array, floats: Float32Array): void {
  for (let i = 0; i < pixels.length; i++) floats[i] = values[pixels[i]!]!
}

/** Three channels, each by its own table, in one pass: a batch is larger than the processor's caches. */
function colour(pixels: Uint8Array, [red, green, blue]: readonly Float32Array[], floats: Float32Array): void {
  for (let i = 0; i < pixels.length; i += 3) {
    floats[i] = red![pixels[i]!]!
    floats[i + 1] = green![pixels[i + 1]!]!
    floats[i + 2] = blue![pixels[i + 2]!]!
  }
}

/** One channel into three. */
function repeated(pixels: Uint8Array, [red, green, blue]: readonly Float32Array[], floats: Float32Array): void {
  for (let i = 0, to = 0; i < pixels.length; i++, to += 3) {
    const value = pixels[i]!
    floats[to] = red![value]!
    floats[to + 1] = green![value]!
    floats[to + 2] = blue![value]!
  }
}

/** The sum of the three channels' tables. */
function summed(
  pixels: Uint8Array,
  [red, green, blue]: readonly Float32Array[],
  floats: Float32Array,
  finish: Finish,
): void {
  for (let i = 0, from = 0; i < floats.length; i++, from += 3) {
    const sum = red![pixels[from]!]! + green![pixels[from + 1]!]! + blue![pixels[from + 2]!]!
    floats[i] = finish(Math.fround(sum), 0)
  }
}

function makeFill({ transform, storedChannels, resultChannels, standardize }: LookUpForm): Fill {
  const { scale, mean, standardDeviation } = transform
  const finish = finisher(standardize)
  if (storedChannels === 3 && resultChannels === 1) {
    // The weights sum to 1, so each channel may subtract the mean in its share.
    const tables = luminance.map((weight) =>
      table((value) => (weight * (value * scale - mean[0]!)) / standardDeviation[0]!),
    )
    return (pixels, floats) => summed(pixels, tables, floats, finish)
  }
  const tables = Array.from({ length: resultChannels }, (_, channel) =>
    table((value) => finish(Math.fround((value * scale - mean[channel]!) / standardDeviation[channel]!), channel)),
  )
  if (storedChannels === 3) return (pixels, floats) => colour(pixels, tables, floats)
  if (resultChannels === 3) return (pixels, floats) => repeated(pixels, tables, floats)
  return (pixels, floats) => grey(pixels, tables[0]!, floats)
}

/** Makes the conversion of stored bytes by tables of the 256 results, so that an image costs one look-up per byte. */
export function makeLookUp(form: LookUpForm): LookUp {
  const fill = makeFill(form)
  return (pixels, into) => {
    const length = (pixels.length / form.storedChannels) * form.resultChannels
    const floats = into?.length === length ? into : new Float32Array(length)
    fill(pixels, floats)
    return floats
  }
}
