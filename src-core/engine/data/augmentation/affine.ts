import { attribute, execute, tf, types, type Tensor4D } from '../../backend.ts'
import type { ImageChange } from './draws.ts'

const attributes = [
  attribute.type('dtype', types.float32),
  attribute.text('interpolation', 'BILINEAR'),
  attribute.text('fill_mode', 'CONSTANT'),
]

/** The part of a change that moves pixels. */
export type Placement = Pick<
  ImageChange,
  'cropRow' | 'cropColumn' | 'mirrored' | 'angle' | 'scale' | 'shiftDown' | 'shiftRight'
>

/**
 * Where each pixel of the result comes from: [a, b, c, d, e, f, 0, 0] takes (x, y) of the result to
 * (a x + b y + c, d x + e y + f) of the source, pixels counted from 0. The picture is cropped, mirrored, turned and
 * scaled around the centre of the crop, then shifted; this is the inverse. With angle 0 and scale 1 all six are
 * whole numbers, for which the resampling copies pixels exactly.
 * @param size side of the result.
 */
export function inverseTransform(placement: Placement, size: number): number[] {
  const { cropRow, cropColumn, mirrored, angle, scale, shiftDown, shiftRight } = placement
  const centre = (size - 1) / 2
  const [cosine, sine] = [Math.cos(angle) / scale, Math.sin(angle) / scale]
  const side = mirrored ? -1 : 1
  const [a, b, d, e] = [side * cosine, side * sine, -sine, cosine]
  const [x, y] = [centre + shiftRight, centre + shiftDown]
  return [a, b, centre + cropColumn - (a * x + b * y), d, e, centre + cropRow - (d * x + e * y), 0, 0]
}

/**
 * Moves the pixels of every image in one bilinear resampling.
 * @param images [images, side, side, channels], side at least `size`
 * @param placements one per image
 * @returns [images, size, size, channels]. Black where the source has no pixels; where it is larger than the crop,
 * what moves in is the picture around the crop.
 */
export function resample(images: Tensor4D, placements: readonly Placement[], size: number): Tensor4D {
  return tf.tidy(() => {
    const transforms = Float32Array.from(placements.flatMap((placement) => inverseTransform(placement, size)))
    return execute('ImageProjectiveTransformV3', attributes, [
      images,
      tf.tensor2d(transforms, [placements.length, 8]),
      tf.tensor1d([size, size], 'int32'),
      tf.scalar(0),
    ]) as Tensor4D
  })
}
