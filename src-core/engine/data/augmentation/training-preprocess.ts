import { augments, type Augmentation } from '../../../domain/spec/data-spec.ts'
import type { RunSpec } from '../../../domain/spec/run-spec.ts'
import { tf, type Tensor4D } from '../../backend.ts'
import { centreCrop, sizesOf } from '../crops.ts'
import type { Dataset } from '../dataset.ts'
import { makeLookUp } from '../look-up.ts'
import { pixelTransform, unitTransform } from '../pixel-transform.ts'
import { makePreprocess, normalize, readResized, withChannels, workingChannels } from '../preprocess.ts'
import { resample } from './affine.ts'
import { drawImageChange, noiseSeed } from './draws.ts'
import { changePixels } from './pixel-values.ts'
import { channelCovariance, principalComponents, type PrincipalComponents } from './principal-components.ts'

/** Turns the stored bytes of a batch into what the step after `finishedSteps` steps reads. */
export type TrainingPreprocess = (pixels: Uint8Array, finishedSteps: number) => Tensor4D

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
  const lookUp = makeLookUp(unitTransform(spec), dataset.info.channels, workingChannels(dataset.info, spec))
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

function movesPixels({ translation, randomCrop, flip, rotation, scaling }: Augmentation): boolean {
  return translation > 0 || randomCrop || flip || rotation > 0 || scaling > 0
}

/** The preprocessing up to the augmentation and with it: pixels around 0 to 1, not normalised. */
export function makeAugment(from: TrainingImages): TrainingPreprocess {
  const { spec, dataset } = from
  const { info } = dataset
  const { augmentation } = spec.data
  const { seed: runSeed } = spec.training
  const { resized, input } = sizesOf(spec, info.size)
  const lookUp = makeLookUp(unitTransform(spec), info.channels, workingChannels(info, spec))
  const components = augmentation.colorShift > 0 ? colorComponents(from) : null
  return (pixels, finishedSteps) =>
    tf.tidy(() => {
      const images = readResized(pixels, lookUp, spec, info)
      const changes = Array.from({ length: images.shape[0] }, (_, place) =>
        drawImageChange(augmentation, { runSeed, finishedSteps, place }, resized - input),
      )
      const moved = movesPixels(augmentation) ? resample(images, changes, input) : centreCrop(images, input)
      const seed = noiseSeed(runSeed, finishedSteps)
      return changePixels(withChannels(moved, spec.model.input.channels), changes, { augmentation, components, seed })
    })
}

/**
 * Makes the preprocessing of training images: as `makePreprocess` does, with the random changes between the crop and
 * the normalisation.
 */
export function makeTrainingPreprocess(from: TrainingImages): TrainingPreprocess {
  const { spec, dataset } = from
  if (!augments(spec.data.augmentation)) return makePreprocess(spec, dataset.info, { purpose: 'training' })
  const augment = makeAugment(from)
  const transform = pixelTransform(spec, dataset.info, 'training')
  return (pixels, finishedSteps) => tf.tidy(() => normalize(augment(pixels, finishedSteps), transform))
}
