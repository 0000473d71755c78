import type { DatasetInfo } from '../../domain/dataset.ts'
import type { Pictures } from '../../domain/evaluation/artifact.ts'
import { tf, type Tensor4D } from '../backend.ts'

/** Stored images side by side as pictures. @param pixels [images, size, size, channels] bytes */
export function storedPicture(pixels: Uint8Array, { size, channels }: DatasetInfo): Pictures {
  const count = pixels.length / (size * size * channels)
  return { count, size, channels, pixels: Buffer.from(pixels).toString('base64') }
}

/**
 * Values as pictures, each stretched by itself: 0 is its smallest value, 255 its largest. Values that are not finite
 * are shown as the smallest.
 * @param values [pictures, size, size, 1 or 3]
 */
export function stretchedPictures(values: Tensor4D): Pictures {
  return tf.tidy(() => {
    const [count, size, , channels] = values.shape
    const finite = tf.where(values.isFinite(), values, tf.zerosLike(values)) as Tensor4D
    const lowest = finite.min([1, 2, 3], true)
    const range = finite.max([1, 2, 3], true).sub(lowest).maximum(1e-12)
    const bytes = finite.sub(lowest).div(range).mul(255).round().dataSync<'float32'>()
    const pixels = Buffer.from(Uint8Array.from(bytes)).toString('base64')
    return { count, size, channels: channels === 3 ? 3 : 1, pixels }
  })
}
