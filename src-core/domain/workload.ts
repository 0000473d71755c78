import { WorkbenchError } from './errors.ts'
import type { RunSpec } from './spec/run-spec.ts'

/** How many images a data set has in its two parts. */
export interface ImageCounts {
  readonly trainImages: number
  readonly testImages: number
}

/** What a run does with its data. The seed decides which images go where, never how many. */
export interface Workload {
  readonly trainingImages: number
  readonly validationImages: number
  readonly testImages: number
  /** The remainder of an epoch that does not fill a batch is left out; the next epoch's order draws it anew. */
  readonly stepsPerEpoch: number
  readonly totalSteps: number
}

/** At least one image is held out when any are wanted, and one is left to train on. */
function validationImages(chosen: number, fraction: number): number {
  return fraction === 0 ? 0 : Math.min(chosen - 1, Math.max(1, Math.round(chosen * fraction)))
}

/** Plans a run's work; with a batch larger than the training images there are 0 steps in an epoch. */
export function planWorkload({ data, training }: Pick<RunSpec, 'data' | 'training'>, counts: ImageCounts): Workload {
  const chosen = Math.min(counts.trainImages, data.trainImages ?? counts.trainImages)
  const heldOut = validationImages(chosen, data.validationFraction)
  const stepsPerEpoch = Math.floor((chosen - heldOut) / training.batchSize)
  return {
    trainingImages: chosen - heldOut,
    validationImages: heldOut,
    testImages: Math.min(counts.testImages, data.testImages ?? counts.testImages),
    stepsPerEpoch,
    totalSteps: training.steps ?? training.epochs * stepsPerEpoch,
  }
}

/** @throws WorkbenchError `batch-too-large` when fewer images are left to train on than one batch needs. */
export function requireFullBatch({ training }: Pick<RunSpec, 'training'>, { trainingImages }: Workload): void {
  if (training.batchSize <= trainingImages) return
  throw new WorkbenchError(
    'batch-too-large',
    `A batch of ${training.batchSize} images is more than the ${trainingImages} images that are left to train on. ` +
      'Use a smaller batch, more training images or a smaller validation share.',
    { batchSize: training.batchSize, trainingImages },
  )
}
