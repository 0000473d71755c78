import { z } from 'zod'

/** What is known of a data set without reading its images. */
export const datasetInfoSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  labels: z.array(z.string()),
  trainImages: z.int(),
  testImages: z.int(),
  /** Side of the stored square images in pixels, and their channels. */
  size: z.int(),
  channels: z.int(),
  /** Per stored channel, of value/255 over the training images. */
  mean: z.array(z.number()),
  standardDeviation: z.array(z.number()),
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
}

export const datasets: readonly DatasetInfo[] = [mnistInfo]
