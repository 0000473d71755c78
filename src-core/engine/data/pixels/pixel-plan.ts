import type { DatasetInfo } from '../../../domain/dataset.ts'
import { augments, type Augmentation } from '../../../domain/spec/data-spec.ts'
import type { RunSpec } from '../../../domain/spec/run-spec.ts'
import {
  isIdentity,
  isUniform,
  pixelTransform,
  unitTransform,
  type PixelTransform,
  type Purpose,
} from './pixel-transform.ts'
import { sizesOf, workingChannels, type Sizes } from './sizes.ts'

/** Which part of the preprocessing is done on bytes, exactly and without TensorFlow, and which is left for tensors. */
export interface PixelPlan {
  readonly sizes: Sizes
  /** Whether the crop, the mirroring and the shifts copy bytes; otherwise the pictures stay whole. */
  readonly placedAsBytes: boolean
  /** Side and channels of the floats that the bytes become. */
  readonly side: number
  readonly channels: 1 | 3
  readonly lookUp: PixelTransform
  /** The normalisation, where the look-up is not one already: at most one of the two is not null. */
  readonly standardizeAsBytes: PixelTransform | null
  readonly standardizeAsTensor: PixelTransform | null
}

export interface PixelPlanOptions {
  readonly purpose: Purpose
  readonly augmentation: Augmentation
  readonly crops: 1 | 10
}

/** Whether pixels come to lie between pixels. */
export function resamples({ rotation, scaling }: Augmentation): boolean {
  return rotation > 0 || scaling > 0
}

/** Whether values change in another way than by the normalisation. */
export function changesValues({ brightness, contrast, noise, colorShift }: Augmentation): boolean {
  return brightness > 0 || contrast > 0 || noise > 0 || colorShift > 0
}

/**
 * Divides the preprocessing: value/255, the channels of the input (grey repeated, colour to luminance), bilinear
 * resizing, the crop, random changes, the normalisation. As much as is exact on bytes is done on them, up to the first
 * step that needs numbers between. Where nothing is random, the normalisation is looked up together with the bytes:
 * linear steps in between leave it as it is.
 */
export function planPixels(
  spec: RunSpec,
  info: DatasetInfo,
  { purpose, augmentation, crops }: PixelPlanOptions,
): PixelPlan {
  const sizes = sizesOf(spec, info.size)
  const { channels } = spec.model.input
  const working = workingChannels(info, spec)
  const transform = pixelTransform(spec, info, purpose)
  const placedAsBytes = sizes.stored === sizes.resized && crops === 1 && !resamples(augmentation)
  const early = !augments(augmentation) && (working === channels || isUniform(transform))
  const late = early || isIdentity(transform) ? null : transform
  const asBytes = placedAsBytes && !changesValues(augmentation)
  return {
    sizes,
    placedAsBytes,
    side: placedAsBytes ? sizes.input : sizes.stored,
    channels: placedAsBytes ? channels : working,
    lookUp: early ? transform : unitTransform(spec),
    standardizeAsBytes: asBytes ? late : null,
    standardizeAsTensor: asBytes ? null : late,
  }
}

/** The plan for the training images of a run. */
export function planTrainingPixels(spec: RunSpec, info: DatasetInfo): PixelPlan {
  return planPixels(spec, info, { purpose: 'training', augmentation: spec.data.augmentation, crops: 1 })
}
