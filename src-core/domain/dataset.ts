import { z } from 'zod'
import { WorkbenchError } from './errors.ts'
import type { ModelSpec } from './spec/model-spec.ts'

/** What is known of a data set without reading its images. */
export const datasetInfoSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  labels: z.array(z.string()),
  trainImages: z.int(),
  testImages: z.int(),
  /** Side of the stored square images in pixels, and their channels. */
  size: z.int(),
  channels: z.union([z.literal(1), z.literal(3)]),
  /** Per stored channel, of value/255 over the training images. */
  mean: z.array(z.number()),
  standardDeviation: z.array(z.number()),
  /** Whether its images are bright figures on a black ground. */
  darkBackground: z.boolean(),
})
export type DatasetInfo = z.infer<typeof datasetInfoSchema>

/**
 * MNIST (LeCun, Cortes, Burges): 70,000 handwritten digits. Mean and standard deviation of its 60,000 training
 * images are computed from the files themselves by a test.
 */
export const mnistInfo: DatasetInfo = {
  id: 'mnist',
  title: 'MNIST handwritten digits',
  labels: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  trainImages: 60_000,
  testImages: 10_000,
  size: 28,
  channels: 1,
  mean: [0.1306604762738429],
  standardDeviation: [0.3081078038564627],
  darkBackground: true,
}

/** The data sets that come with Ablate; a workspace may hold more. */
export const builtInDatasets: readonly DatasetInfo[] = [mnistInfo]

/**
 * What is known of the data set with this id, out of those that exist.
 * @throws WorkbenchError `unknown-dataset` listing their ids.
 */
export function findDataset(id: string, existing: readonly DatasetInfo[]): DatasetInfo {
  const found = existing.find((dataset) => dataset.id === id)
  if (found) return found
  const known = existing.map((dataset) => dataset.id).join(', ')
  throw new WorkbenchError('unknown-dataset', `There is no data set "${id}". Known data sets: ${known}.`, {
    dataset: id,
  })
}

/** @throws WorkbenchError `invalid-value` when the network has fewer classes than the data set. */
export function requireClasses({ classes }: Pick<ModelSpec, 'classes'>, { title, labels }: DatasetInfo): void {
  if (classes >= labels.length) return
  throw new WorkbenchError(
    'invalid-value',
    `model.classes: must be at least ${labels.length}, the classes of ${title}, but got ${classes}.`,
    { path: 'model.classes', needed: labels.length, got: classes },
  )
}
