import type { DatasetInfo } from '../../domain/dataset.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import { tf, type Tensor4D } from '../backend.ts'
import { centreCrop, resize, sizesOf, tenCrops } from './crops.ts'
import { makeLookUp, type LookUp } from './look-up.ts'
import { isUniform, pixelTransform, unitTransform, type PixelTransform, type Purpose } from './pixel-transform.ts'

export { luminance, pixelTransform } from './pixel-transform.ts'

/** Turns stored bytes [images, size, size, channels] into what a network reads. */
export type Preprocess = (pixels: Uint8Array) => Tensor4D

/** How many crops of each image the evaluation reads. */
export function evaluationCrops({ data }: RunSpec): 1 | 10 {
  return data.tenCrop ? 10 : 1
}

/** Grey stays one channel as long as it can: repeating it first would give the same numbers for three times the work. */
export function workingChannels({ channels }: DatasetInfo, { model }: RunSpec): number {
  return channels === 1 ? 1 : model.input.channels
}

/** Repeats grey where the network reads three channels; may be the tensor that was given. */
export function withChannels(images: Tensor4D, channels: number): Tensor4D {
  return images.shape[3] === channels ? images : tf.tile(images, [1, 1, 1, channels])
}

/** Subtracts the mean and divides by the deviation, for pixels from 0 to 1; may be the tensor that was given. */
export function normalize(images: Tensor4D, { mean, standardDeviation }: PixelTransform): Tensor4D {
  if (mean.every((value) => value === 0) && standardDeviation.every((value) => value === 1)) return images
  const scale = tf.tensor1d(standardDeviation.map((deviation) => 1 / deviation))
  return tf.mul(tf.sub(images, tf.tensor1d([...mean])), scale)
}

/** The stored images as floats [images, resized, resized, working channels]. */
export function readResized(pixels: Uint8Array, lookUp: LookUp, spec: RunSpec, info: DatasetInfo): Tensor4D {
  const { stored, resized } = sizesOf(spec, info.size)
  const count = pixels.length / (stored * stored * info.channels)
  const images = tf.tensor4d(lookUp(pixels), [count, stored, stored, workingChannels(info, spec)])
  return resize(images, resized)
}

/**
 * Makes the preprocessing without random changes: value/255, the channels of the input (grey repeated, colour to
 * luminance), bilinear resizing (half-pixel centres), the crop, the normalisation of the purpose. Where the
 * normalisation can be looked up together with the bytes it is: linear steps in between leave it as it is.
 * @param crops 1 for the centre, 10 for the corners, the centre and their mirror images.
 * @returns a function from bytes to [images * crops, input, input, input channels], those of the first image first.
 */
export function makePreprocess(
  spec: RunSpec,
  info: DatasetInfo,
  { purpose = 'evaluation', crops = 1 }: { readonly purpose?: Purpose; readonly crops?: 1 | 10 } = {},
): Preprocess {
  const { size, channels } = spec.model.input
  const working = workingChannels(info, spec)
  const transform = pixelTransform(spec, info, purpose)
  const early = working === channels || isUniform(transform)
  const lookUp = makeLookUp(early ? transform : unitTransform(spec), info.channels, working)
  return (pixels) =>
    tf.tidy(() => {
      const resized = readResized(pixels, lookUp, spec, info)
      const cropped = crops === 10 ? tenCrops(resized, size) : centreCrop(resized, size)
      const images = withChannels(cropped, channels)
      return early ? images : normalize(images, transform)
    })
}
