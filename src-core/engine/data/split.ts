import { deriveSeed, permutation } from '../../domain/random.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import { planWorkload, requireFullBatch, type ImageCounts } from '../../domain/workload.ts'

/** Indices into a data set's parts: what is trained on, held out for validation, and tested on. */
export interface Split {
  readonly training: Uint32Array
  readonly validation: Uint32Array
  readonly test: Uint32Array
}

/** A seeded choice of `chosen` indices below `count`. */
function chooseIndices(count: number, chosen: number, seed: number): Uint32Array {
  return permutation(count, seed).subarray(0, chosen)
}

/**
 * Splits a data set: a pure function of the seed, the limits, the fraction and the counts, so that runs that
 * differ in anything else are trained and judged on the same images.
 * @throws WorkbenchError `batch-too-large` when fewer images are left to train on than one batch needs.
 */
export function splitDataset(spec: Pick<RunSpec, 'model' | 'data' | 'training'>, counts: ImageCounts): Split {
  const workload = planWorkload(spec, counts)
  requireFullBatch(spec, workload)
  const { trainingImages, validationImages, testImages } = workload
  const { seed } = spec.training
  const chosen = chooseIndices(counts.trainImages, trainingImages + validationImages, deriveSeed(seed, 'split/train'))
  return {
    training: chosen.subarray(0, trainingImages),
    validation: chosen.subarray(trainingImages),
    test: chooseIndices(counts.testImages, testImages, deriveSeed(seed, 'split/test')),
  }
}
