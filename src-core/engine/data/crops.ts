import { tf, type Tensor4D } from '../backend.ts'
import { centreOffset } from './pixels/sizes.ts'

/** Resizes bilinearly with half-pixel centres; the caller owns the tensor, which may be the one that was given. */
export function resize(images: Tensor4D, size: number): Tensor4D {
  return images.shape[1] === size ? images : tf.image.resizeBilinear(images, [size, size], false, true)
}

function cut(images: Tensor4D, row: number, column: number, size: number): Tensor4D {
  return tf.slice(images, [0, row, column, 0], [-1, size, size, -1])
}

/** The middle of the images, [images, size, size, channels]; may be the tensor that was given. */
export function centreCrop(images: Tensor4D, size: number): Tensor4D {
  if (images.shape[1] === size) return images
  const offset = centreOffset(images.shape[1], size)
  return cut(images, offset, offset, size)
}

/**
 * Ten crops of every image (Krizhevsky et al. 2012, section 4.1): the corners top left, top right, bottom left and
 * bottom right, the centre, then the mirror images of the five in the same order.
 * @returns [10 * images, size, size, channels], those of the first image first.
 */
export function tenCrops(images: Tensor4D, size: number): Tensor4D {
  return tf.tidy(() => {
    const [count, side, , channels] = images.shape
    const [far, middle] = [side - size, centreOffset(side, size)]
    const places = [
      [0, 0],
      [0, far],
      [far, 0],
      [far, far],
      [middle, middle],
    ] as const
    const crops = places.map(([row, column]) => cut(images, row, column, size))
    const mirrored = crops.map((crop) => tf.reverse(crop, 2))
    return tf.stack([...crops, ...mirrored], 1).reshape([count * 10, size, size, channels])
  })
}
