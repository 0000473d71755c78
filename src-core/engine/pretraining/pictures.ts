import type { Pictures } from '../../domain/evaluation/artifact.ts'
import { tf, type Tensor4D } from '../backend.ts'

/** Side of the largest picture that is kept. */
const largestSide = 64

/** Grey or colour stays; of the channels of a deeper layer their mean is shown. */
function viewable(values: Tensor4D): Tensor4D {
  return values.shape[3] === 1 || values.shape[3] === 3 ? values : values.mean(3, true)
}

function shrunk(values: Tensor4D): Tensor4D {
  const [, height, width] = values.shape
  return Math.max(height, width) <= largestSide
    ? values
    : tf.image.resizeBilinear(values, [largestSide, largestSide], false, true)
}

function pictures(bytes: Tensor4D): Pictures {
  const [count, size, , channels] = bytes.shape
  const pixels = Buffer.from(Uint8Array.from(bytes.dataSync<'float32'>())).toString('base64')
  return { count, size, channels: channels === 3 ? 3 : 1, pixels }
}

/**
 * Two tensors [images, size, size, channels] as pictures whose bytes mean the same: 0 is the smallest value of both
 * together, 255 the largest. Values that are not finite are shown as the smallest.
 * @param asImages false for the inputs of deeper layers, of which the mean over the channels is shown.
 */
export function pictureGroups(groups: readonly Tensor4D[], asImages: boolean): Pictures[] {
  return tf.tidy(() => {
    const small = groups.map((values) => shrunk(asImages ? viewable(values) : values.mean(3, true)))
    const finite = small.map((values) => tf.where(values.isFinite(), values, tf.zerosLike(values)) as Tensor4D)
    const lowest = tf.stack(finite.map((values) => values.min())).min()
    const highest = tf.stack(finite.map((values) => values.max())).max()
    const range = highest.sub(lowest).maximum(1e-12)
    return finite.map((values) => pictures(values.sub(lowest).div(range).mul(255).round() as Tensor4D))
  })
}
