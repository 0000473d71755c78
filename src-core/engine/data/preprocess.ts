import type { DatasetInfo } from '../../domain/dataset.ts'
import { noAugmentation } from '../../domain/spec/data-spec.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import { tf, type Tensor4D } from '../backend.ts'
import { centreCrop, resize, tenCrops } from './crops.ts'
import { makeByteStage } from './pixels/byte-stage.ts'
import { planPixels, type PixelPlan } from './pixels/pixel-plan.ts'
import type { PixelTransform, Purpose } from './pixels/pixel-transform.ts'

/** Turns stored bytes [images, size, size, channels] into what a network reads. */
export type Preprocess = (pixels: Uint8Array) => Tensor4D

/** How many crops of each image the evaluation reads. */
export function evaluationCrops({ data }: RunSpec): 1 | 10 {
  return data.tenCrop ? 10 : 1
}

/** Repeats grey where the network reads three channels; may be the tensor that was given. */
export function withChannels(images: Tensor4D, channels: number): Tensor4D {
  return images.shape[3] === channels ? images : tf.tile(images, [1, 1, 1, channels])
}

/** Subtracts the mean and divides by the deviation, for pixels from 0 to 1; may be the tensor that was given. */
export function standardized(images: Tensor4D, transform: PixelTransform | null): Tensor4D {
  if (transform === null) return images
  const scale = tf.tensor1d(transform.standardDeviation.map((deviation) => 1 / deviation))
  return tf.mul(tf.sub(images, tf.tensor1d([...transform.mean])), scale)
}

/** The floats of the byte stage as a tensor; TensorFlow may share their memory. */
export function floatImages(floats: Float32Array, { side, channels }: PixelPlan): Tensor4D {
  return tf.tensor4d(floats, [floats.length / (side * side * channels), side, side, channels])
}

/**
 * Makes the preprocessing without random changes: value/255, the channels of the input (grey repeated, colour to
 * luminance), bilinear resizing (half-pixel centres), the crop, the normalisation of the purpose.
 * @param crops 1 for the centre, 10 for the corners, the centre and their mirror images.
 * @returns a function from bytes to [images * crops, input, input, input channels], those of the first image first.
 */
export function makePreprocess(
  spec: RunSpec,
  info: DatasetInfo,
  { purpose = 'evaluation', crops = 1 }: { readonly purpose?: Purpose; readonly crops?: 1 | 10 } = {},
): Preprocess {
  const { size, channels } = spec.model.input
  const plan = planPixels(spec, info, { purpose, augmentation: noAugmentation, crops })
  const bytes = makeByteStage(plan, info, noAugmentation, spec.training.seed)
  return (pixels) =>
    tf.tidy(() => {
      const resized = resize(floatImages(bytes(pixels, 0), plan), plan.placedAsBytes ? size : plan.sizes.resized)
      const cropped = crops === 10 ? tenCrops(resized, size) : centreCrop(resized, size)
      return standardized(withChannels(cropped, channels), plan.standardizeAsTensor)
    })
}
