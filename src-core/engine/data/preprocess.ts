import type { DatasetInfo } from '../../domain/dataset.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import { tf, type Tensor4D } from '../backend.ts'

/** Weights of red, green and blue in luminance (ITU-R BT.601). */
export const luminance = [0.299, 0.587, 0.114] as const

export interface PixelTransform {
  readonly scale: number
  /** Per stored channel, of value * scale. */
  readonly mean: readonly number[]
  readonly standardDeviation: readonly number[]
}

/** What `pixels` of a spec stands for: (value * scale - mean) / standardDeviation per stored channel. */
export function pixelTransform(pixels: RunSpec['data']['pixels'], info: DatasetInfo): PixelTransform {
  const standardized = pixels === 'standardized'
  return {
    scale: 1 / 255,
    mean: info.mean.map((mean) => (standardized ? mean : 0)),
    standardDeviation: info.standardDeviation.map((deviation) => (standardized ? deviation : 1)),
  }
}

/** The 256 results per channel, so that a batch costs one look-up per value. */
function lookUpTables({ scale, mean, standardDeviation }: PixelTransform): Float32Array[] {
  return mean.map((average, channel) =>
    Float32Array.from({ length: 256 }, (_, value) => (value * scale - average) / standardDeviation[channel]!),
  )
}

function toFloats(pixels: Uint8Array, tables: readonly Float32Array[]): Float32Array {
  const channels = tables.length
  const floats = new Float32Array(pixels.length)
  for (let channel = 0; channel < channels; channel++) {
    const table = tables[channel]!
    for (let i = channel; i < pixels.length; i += channels) floats[i] = table[pixels[i]!]!
  }
  return floats
}

function withChannels(images: Tensor4D, channels: 1 | 3): Tensor4D {
  if (images.shape[3] === channels) return images
  if (channels === 3) return tf.tile(images, [1, 1, 1, 3])
  return tf.sum(tf.mul(images, tf.tensor1d([...luminance])), 3, true)
}

/** Turns stored bytes into what a network reads. */
export type Preprocess = (pixels: Uint8Array) => Tensor4D

/**
 * Makes the preprocessing of a run: scale, standardise per stored channel, resize bilinearly (half-pixel centres),
 * then grey to three equal channels or colour to luminance.
 * The function takes [images, size, size, channels] bytes and gives [images, input, input, input channels] floats.
 */
export function makePreprocess(spec: RunSpec, info: DatasetInfo): Preprocess {
  const tables = lookUpTables(pixelTransform(spec.data.pixels, info))
  const { size, channels } = spec.model.input
  const imageBytes = info.size * info.size * info.channels
  return (pixels) =>
    tf.tidy(() => {
      const count = pixels.length / imageBytes
      const stored = tf.tensor4d(toFloats(pixels, tables), [count, info.size, info.size, info.channels])
      const resized = info.size === size ? stored : tf.image.resizeBilinear(stored, [size, size], false, true)
      return withChannels(resized, channels)
    })
}
