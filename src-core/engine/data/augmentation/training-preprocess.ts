import type { RunSpec } from '../../../domain/spec/run-spec.ts'
import { tf, type Tensor4D } from '../../backend.ts'
import { centreCrop, resize } from '../crops.ts'
import type { Dataset } from '../dataset.ts'
import { makeByteStage } from '../pixels/byte-stage.ts'
import { makeLookUp } from '../pixels/look-up.ts'
import { changesValues, planTrainingPixels, resamples, type PixelPlan } from '../pixels/pixel-plan.ts'
import { unitTransform } from '../pixels/pixel-transform.ts'
import { workingChannels } from '../pixels/sizes.ts'
import { floatImages, standardized, withChannels } from '../preprocess.ts'
import { resample } from './affine.ts'
import { drawImageChange, noiseSeed, type ImageChange } from './draws.ts'
import { changePixels } from './pixel-values.ts'
import { channelCovariance, principalComponents, type PrincipalComponents } from './principal-components.ts'

/** Turns the stored bytes of a batch into what the step after `finishedSteps` steps reads. */
export type TrainingPreprocess = (pixels: Uint8Array, finishedSteps: number) => Tensor4D

/** Turns the floats of the byte stage into what the step after `finishedSteps` steps reads. */
export type TensorStage = (floats: Float32Array, finishedSteps: number) => Tensor4D

/** What training images are read from. */
export interface TrainingImages {
  readonly spec: RunSpec
  readonly dataset: Dataset
  /** Indices of the images that are trained on, in the seeded order of the split. */
  readonly training: Uint32Array
}

/** More images change the third digit of the components only. */
const sampledImages = 1000

function* sampleOf({ spec, dataset, training }: TrainingImages): Generator<Float32Array> {
  const lookUp = makeLookUp({
    transform: unitTransform(spec),
    storedChannels: dataset.info.channels,
    resultChannels: workingChannels(dataset.info, spec),
    standardize: null,
  })
  // One at a time: a thousand photographs together would fill the memory.
  for (const index of training.subarray(0, sampledImages)) yield lookUp(dataset.readImages('train', [index]))
}

/**
 * The principal components of the colours of the training images, in the channels of the network's input: out of the
 * first thousand of `training`, a seeded choice already.
 */
function colorComponents(images: TrainingImages): PrincipalComponents {
  const working = workingChannels(images.dataset.info, images.spec)
  const { channels } = images.spec.model.input
  const covariance = channelCovariance(sampleOf(images), working)
  if (working === channels) return principalComponents(covariance)
  // Grey that is repeated varies alike in all channels.
  const variance = covariance[0]![0]!
  return principalComponents(Array.from({ length: channels }, () => new Array<number>(channels).fill(variance)))
}

/** Resizes and places pictures of which the bytes could not be placed. */
function place(images: Tensor4D, changes: readonly ImageChange[], { sizes }: PixelPlan, { data }: RunSpec): Tensor4D {
  const resized = resize(images, sizes.resized)
  const { translation, randomCrop, flip } = data.augmentation
  const moves = translation > 0 || randomCrop || flip || resamples(data.augmentation)
  return moves ? resample(resized, changes, sizes.input) : centreCrop(resized, sizes.input)
}

/** Makes the part of the preprocessing of training images that comes after the bytes. */
export function makeTensorStage(from: TrainingImages): TensorStage {
  const { spec, dataset } = from
  const { augmentation } = spec.data
  const { seed: runSeed } = spec.training
  const plan = planTrainingPixels(spec, dataset.info)
  const { sizes, placedAsBytes, standardizeAsTensor } = plan
  const components = augmentation.colorShift > 0 ? colorComponents(from) : null
  const draw = (count: number, finishedSteps: number): ImageChange[] =>
    Array.from({ length: count }, (_, image) =>
      drawImageChange(augmentation, { runSeed, finishedSteps, place: image }, sizes.resized - sizes.input),
    )
  return (floats, finishedSteps) =>
    tf.tidy(() => {
      const images = floatImages(floats, plan)
      if (placedAsBytes && !changesValues(augmentation)) return standardized(images, standardizeAsTensor)
      const changes = draw(images.shape[0], finishedSteps)
      const placed = withChannels(
        placedAsBytes ? images : place(images, changes, plan, spec),
        spec.model.input.channels,
      )
      const seed = noiseSeed(runSeed, finishedSteps)
      return standardized(changePixels(placed, changes, { augmentation, components, seed }), standardizeAsTensor)
    })
}

/**
 * Makes the preprocessing of training images: as `makePreprocess` does, with the random changes between the crop and
 * the normalisation.
 */
export function makeTrainingPreprocess(from: TrainingImages): TrainingPreprocess {
  const { spec, dataset } = from
  const plan = planTrainingPixels(spec, dataset.info)
  const bytes = makeByteStage(plan, dataset.info, spec.data.augmentation, spec.training.seed)
  const rest = makeTensorStage(from)
  return (pixels, finishedSteps) => rest(bytes(pixels, finishedSteps), finishedSteps)
}
