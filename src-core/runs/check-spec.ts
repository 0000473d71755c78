import { planArchitecture } from '../domain/architecture.ts'
import { datasets, type DatasetInfo } from '../domain/dataset.ts'
import { WorkbenchError } from '../domain/errors.ts'
import { parseSpec } from '../domain/spec/paths.ts'
import type { RunSpec } from '../domain/spec/run-spec.ts'

export interface CheckedSpec {
  readonly spec: RunSpec
  /** Weights of the network, trainable or not. */
  readonly parameters: number
}

/**
 * Finds out before anything is recorded whether a run can train at all.
 * @throws WorkbenchError `unknown-field`, `invalid-value`, `unknown-dataset`, `input-too-small`, `batch-too-large`.
 */
export function checkSpec(value: unknown): CheckedSpec {
  const spec = parseSpec(value)
  const dataset = findDataset(spec.data.dataset)
  const { params } = planArchitecture(spec.model)
  requireEnoughClasses(spec, dataset)
  requireFullBatch(spec, dataset)
  return { spec, parameters: params }
}

function findDataset(id: string): DatasetInfo {
  const found = datasets.find((dataset) => dataset.id === id)
  if (found) return found
  const known = datasets.map((dataset) => dataset.id).join(', ')
  throw new WorkbenchError('unknown-dataset', `There is no data set "${id}". Known data sets: ${known}.`, {
    dataset: id,
  })
}

function requireEnoughClasses({ model }: RunSpec, { title, labels }: DatasetInfo): void {
  if (model.classes >= labels.length) return
  throw new WorkbenchError(
    'invalid-value',
    `model.classes: must be at least ${labels.length}, the classes of ${title}, but got ${model.classes}.`,
    { path: 'model.classes', needed: labels.length, got: model.classes },
  )
}

/** The images that are left to train on once some are held out for validation: at least one, as the engine splits. */
export function trainingImages({ trainImages, validationFraction }: RunSpec['data'], dataset: DatasetInfo): number {
  const chosen = Math.min(trainImages ?? dataset.trainImages, dataset.trainImages)
  const heldOut = Math.min(chosen - 1, Math.max(1, Math.round(chosen * validationFraction)))
  return validationFraction === 0 ? chosen : chosen - heldOut
}

function requireFullBatch({ data, training }: RunSpec, dataset: DatasetInfo): void {
  const available = trainingImages(data, dataset)
  if (training.batchSize <= available) return
  throw new WorkbenchError(
    'batch-too-large',
    `A batch of ${training.batchSize} images is more than the ${available} images that are left to train on. ` +
      'Use a smaller batch, more training images or a smaller validation share.',
    { batchSize: training.batchSize, trainingImages: available },
  )
}
