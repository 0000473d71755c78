import { z } from 'zod'
import { datasetInfoSchema } from '../dataset.ts'
import { slug } from '../ids.ts'
import { deriveSeed } from '../random.ts'

/** Side of a stored image in pixels. */
export const smallestStored = 8
export const largestStored = 1024

export const mostClasses = 100_000

const counted = z.int().min(1)

/** As `DatasetInfo`, with the bounds that hold for what was imported. */
const storedInfoSchema = datasetInfoSchema
  .extend({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/),
    labels: z.array(z.string()).min(2).max(mostClasses),
    trainImages: counted,
    testImages: counted,
    size: z.int().min(smallestStored).max(largestStored),
    standardDeviation: z.array(z.number().positive()),
  })
  .refine(({ channels, mean, standardDeviation }) => mean.length === channels && standardDeviation.length === channels)

/** A file of the folder that was left out, and why. */
export const refusedFileSchema = z.strictObject({ file: z.string(), reason: z.string() })
export type RefusedFile = z.infer<typeof refusedFileSchema>

/** What `info.json` in the folder of an imported data set says. */
export const storedDatasetSchema = z.strictObject({
  format: z.literal('ablate-dataset'),
  version: z.literal(1),
  info: storedInfoSchema,
  /** Where the pictures came from, and how they were divided: by the folder itself where the share is null. */
  source: z.strictObject({ folder: z.string(), testShare: z.number().nullable() }),
  /** Pictures that could not be read: how many, and the first of them. */
  unreadable: z.strictObject({ count: z.int().min(0), first: z.array(refusedFileSchema) }),
  files: z.array(z.strictObject({ name: z.string(), bytes: z.int().min(0), sha256: z.string() })),
})
export type StoredDataset = z.infer<typeof storedDatasetSchema>

/**
 * The files in the folder of an imported data set. Images are packed bytes [images, size, size, channels], labels
 * class numbers of four bytes, little-endian, in the same order.
 */
export const datasetFiles = {
  info: 'info.json',
  train: { images: 'train-images.bin', labels: 'train-labels.bin' },
  test: { images: 'test-images.bin', labels: 'test-labels.bin' },
} as const

/** Whether a folder of this name can be an imported data set's; a name from elsewhere must not lead out of its parent. */
export function isDatasetId(name: string): boolean {
  return storedInfoSchema.shape.id.safeParse(name).success
}

/** The id of a data set that is called so; one without a letter of a to z gets a number made from its name. */
export function datasetIdOf(title: string): string {
  return slug(title) || `dataset-${deriveSeed(0, title).toString(36)}`
}
