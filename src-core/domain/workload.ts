import { WorkbenchError } from './errors.ts'
import type { ModelSpec } from './spec/model-spec.ts'
import type { RunSpec } from './spec/run-spec.ts'

/** How many images a data set has in its two parts. */
export interface ImageCounts {
  readonly trainImages: number
  readonly testImages: number
}

/** A stretch of a run's steps with one purpose. */
export interface Phase {
  readonly kind: 'pretraining' | 'supervised'
  /** The convolutional layer that is pre-trained; null in the supervised phase. */
  readonly layer: string | null
  /** Finished steps when the phase begins. */
  readonly firstStep: number
  readonly steps: number
}

/** What a run does with its data. The seed decides which images go where, never how many. */
export interface Workload {
  readonly trainingImages: number
  readonly validationImages: number
  readonly testImages: number
  /** The remainder of an epoch that does not fill a batch is left out; the next epoch's order draws it anew. */
  readonly stepsPerEpoch: number
  /** One phase per pre-trained layer, then the supervised one. */
  readonly phases: readonly Phase[]
  /** Steps before the supervised phase. */
  readonly pretrainingSteps: number
  /** Steps of all phases together. */
  readonly totalSteps: number
}

type WorkloadSpec = Pick<RunSpec, 'data' | 'training'> & { readonly model: Pick<ModelSpec, 'convolutions' | 'removed'> }

/** At least one image is held out when any are wanted, and one is left to train on. */
function validationImages(chosen: number, fraction: number): number {
  return fraction === 0 ? 0 : Math.min(chosen - 1, Math.max(1, Math.round(chosen * fraction)))
}

/** The convolutional layers that are pre-trained, from the first on. */
function pretrainedLayers({ model, training }: WorkloadSpec): string[] {
  if (training.pretraining.kind === 'none') return []
  return model.convolutions
    .map((_, index) => index + 1)
    .filter((number) => !model.removed.includes(number))
    .map((number) => `conv${number}`)
}

function planPhases(spec: WorkloadSpec, stepsPerEpoch: number): Phase[] {
  const { training } = spec
  const perLayer = training.pretraining.epochs * stepsPerEpoch
  const pretraining = pretrainedLayers(spec).map((layer, index): Phase => ({
    kind: 'pretraining',
    layer,
    firstStep: index * perLayer,
    steps: perLayer,
  }))
  const supervised: Phase = {
    kind: 'supervised',
    layer: null,
    firstStep: pretraining.length * perLayer,
    steps: training.steps ?? training.epochs * stepsPerEpoch,
  }
  return [...pretraining, supervised]
}

/** Plans a run's work; with a batch larger than the training images there are 0 steps in an epoch. */
export function planWorkload(spec: WorkloadSpec, counts: ImageCounts): Workload {
  const { data, training } = spec
  const chosen = Math.min(counts.trainImages, data.trainImages ?? counts.trainImages)
  const heldOut = validationImages(chosen, data.validationFraction)
  const stepsPerEpoch = Math.floor((chosen - heldOut) / training.batchSize)
  const phases = planPhases(spec, stepsPerEpoch)
  const { firstStep, steps } = phases.at(-1)!
  return {
    trainingImages: chosen - heldOut,
    validationImages: heldOut,
    testImages: Math.min(counts.testImages, data.testImages ?? counts.testImages),
    stepsPerEpoch,
    phases,
    pretrainingSteps: firstStep,
    totalSteps: firstStep + steps,
  }
}

/** The phase of the step after `finishedSteps` steps; the last one also when all are done. */
export function phaseAt({ phases }: Pick<Workload, 'phases'>, finishedSteps: number): Phase {
  return phases.findLast(({ firstStep }) => finishedSteps >= firstStep)!
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
