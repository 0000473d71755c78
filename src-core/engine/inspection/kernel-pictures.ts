import type { Pictures } from '../../domain/evaluation/artifact.ts'

export interface KernelPictures {
  readonly kernels: Pictures
  /** The weights that the bytes 0 and 255 stand for, kernel by kernel. */
  readonly lowest: number[]
  readonly highest: number[]
}

/**
 * Kernels as pictures, each stretched by itself: 0 is its smallest weight, 255 its largest. Weights that are not finite
 * count as 0. No tensor is made: it runs between two steps of a training.
 * @param weights of shape [size, size, 1 or 3, filters]
 * @param most the first so many are taken
 */
export function kernelPictures(
  weights: Float32Array,
  [size, , channels, filters]: readonly [number, number, number, number],
  most: number,
): KernelPictures {
  const count = Math.min(filters, most)
  const length = size * size * channels
  const bytes = new Uint8Array(count * length)
  const [lowest, highest]: [number[], number[]] = [[], []]
  const kernel = new Float64Array(length)
  for (let place = 0; place < count; place++) {
    for (let at = 0; at < length; at++) {
      const weight = weights[at * filters + place]!
      kernel[at] = Number.isFinite(weight) ? weight : 0
    }
    const [low, high] = [Math.min(...kernel), Math.max(...kernel)]
    const range = Math.max(high - low, 1e-12)
    for (let at = 0; at < length; at++) bytes[place * length + at] = Math.round(((kernel[at]! - low) / range) * 255)
    lowest.push(low)
    highest.push(high)
  }
  const pixels = Buffer.from(bytes).toString('base64')
  return { kernels: { count, size, channels: channels === 3 ? 3 : 1, pixels }, lowest, highest }
}
