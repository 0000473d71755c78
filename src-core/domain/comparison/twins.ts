import type { RunSpec } from '../spec/run-spec.ts'

/** The fields that decide which images a step sees: where twins must agree. */
function orderOfBatches({ data, training, model }: RunSpec): Record<string, unknown> {
  const { dataset, trainImages, validationFraction } = data
  return {
    'data.dataset': dataset,
    'data.trainImages': trainImages,
    'data.validationFraction': validationFraction,
    'training.batchSize': training.batchSize,
    'training.seed': training.seed,
    // Unsupervised phases come before the supervised steps and shift them.
    'training.pretraining':
      training.pretraining.kind === 'none'
        ? 'none'
        : [training.pretraining.epochs, model.removed, model.convolutions.length],
  }
}

/** The same text for runs that take the same images in the same order. */
export function batchOrderKey(spec: RunSpec): string {
  return JSON.stringify(orderOfBatches(spec))
}

/** The fields by which two runs are no twins; none for twins. */
export function whyNoTwins(a: RunSpec, b: RunSpec): string[] {
  const [left, right] = [orderOfBatches(a), orderOfBatches(b)]
  return Object.keys(left).filter((path) => JSON.stringify(left[path]) !== JSON.stringify(right[path]))
}

/**
 * Whether two runs take the same images in the same order: same images, batch size and seed, whatever is done to the images.
 * Their values at a step can be subtracted pair by pair, which takes the noise of the batches out of the comparison.
 */
export function areTwins(a: RunSpec, b: RunSpec): boolean {
  return batchOrderKey(a) === batchOrderKey(b)
}
