import { WorkbenchError } from '../../domain/errors.ts'
import { deriveSeed, permutation } from '../../domain/random.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'

/** Indices into a data set's parts: what is trained on, held out for validation, and tested on. */
export interface Split {
  readonly training: Uint32Array
  readonly validation: Uint32Array
  readonly test: Uint32Array
}

export interface ImageCounts {
  readonly trainImages: number
  readonly testImages: number
}

/** A seeded choice of `limit` indices below `count`; all of them when the limit is null or larger. */
function chooseIndices(count: number, limit: number | null, seed: number): Uint32Array {
  return permutation(count, seed).subarray(0, Math.min(count, limit ?? count))
}

/** At least one image is held out when any are wanted, and one is left to train on. */
function validationCount(count: number, fraction: number): number {
  if (fraction === 0) return 0
  return Math.min(count - 1, Math.max(1, Math.round(count * fraction)))
}

/**
 * Splits a data set: a pure function of the seed, the limits, the fraction and the counts, so that runs that
 * differ in anything else are trained and judged on the same images.
 * @throws WorkbenchError `batch-too-large` when fewer images are left to train on than one batch needs.
 */
export function splitDataset({ data, training }: Pick<RunSpec, 'data' | 'training'>, counts: ImageCounts): Split {
  const chosen = chooseIndices(counts.trainImages, data.trainImages, deriveSeed(training.seed, 'split/train'))
  const heldOut = validationCount(chosen.length, data.validationFraction)
  const trainingIndices = chosen.subarray(0, chosen.length - heldOut)
  if (training.batchSize > trainingIndices.length) {
    throw new WorkbenchError(
      'batch-too-large',
      `A batch of ${training.batchSize} images is more than the ${trainingIndices.length} images to train on.`,
      { batchSize: training.batchSize, trainingImages: trainingIndices.length },
    )
  }
  return {
    training: trainingIndices,
    validation: chosen.subarray(chosen.length - heldOut),
    test: chooseIndices(counts.testImages, data.testImages, deriveSeed(training.seed, 'split/test')),
  }
}
