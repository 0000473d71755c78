import { z } from 'zod'

const perChannel = z.array(z.number().min(-10).max(10)).min(1).max(3)
const deviations = z.array(z.number().positive().max(100)).min(1).max(3)

/** Random changes of the training images, drawn anew for every image of every step. Pixels run from 0 to 1 here. */
export const augmentationSchema = z.strictObject({
  translation: z
    .int()
    .min(0)
    .max(256)
    .describe('largest shift in pixels, the gap black: a random crop after as much padding'),
  randomCrop: z.boolean().describe('cut the input out at a random place when data.resize is larger than it'),
  flip: z.boolean().describe('mirror half of the images left to right'),
  rotation: z.number().min(0).max(180).describe('largest rotation in degrees, either way'),
  scaling: z.number().min(0).max(0.9).describe('largest change of the scale: 0.1 draws from 0.9 to 1.1'),
  brightness: z.number().min(0).max(1).describe('largest value added to all pixels of an image, either way'),
  contrast: z.number().min(0).max(0.95).describe('largest change of the contrast: 0.2 draws from 0.8 to 1.2'),
  noise: z.number().min(0).max(1).describe('standard deviation of normal noise added to every pixel'),
  colorShift: z
    .number()
    .min(0)
    .max(1)
    .describe("the paper's shift along the principal components of the colours; 0.1 there"),
})

export const dataSpecSchema = z.strictObject({
  dataset: z.string().min(1).max(100).describe('id of the data set'),
  trainImages: z.int().min(1).nullable().describe('images of the training set that are used; null for all'),
  testImages: z.int().min(1).nullable().describe('images of the test set that are used; null for all'),
  validationFraction: z.number().min(0).max(0.5).describe('share of the training images held out for validation'),
  resize: z
    .int()
    .min(32)
    .max(2048)
    .nullable()
    .describe("side to which images are resized before the input is cut out of them; null: the input's own"),
  pixels: z
    .enum(['unit', 'standardized', 'custom'])
    .describe('unit: value/255; standardized: (value/255 - mean) / deviation of the data set; custom: as given'),
  mean: perChannel.describe('means per channel of the input that custom pixels subtract, of value/255'),
  deviation: deviations.describe('deviations per channel of the input by which custom pixels divide'),
  testMean: perChannel.nullable().describe('other means for test images; null: as in training'),
  testDeviation: deviations.nullable().describe('other deviations for test images; null: as in training'),
  tenCrop: z
    .boolean()
    .describe('evaluate on the corners, the centre and their mirror images, and average the probabilities'),
  augmentation: augmentationSchema,
})

export type Augmentation = z.infer<typeof augmentationSchema>
export type DataSpec = z.infer<typeof dataSpecSchema>

export const noAugmentation: Augmentation = {
  translation: 0,
  randomCrop: false,
  flip: false,
  rotation: 0,
  scaling: 0,
  brightness: 0,
  contrast: 0,
  noise: 0,
  colorShift: 0,
}

/** Whether any of the random changes is switched on. */
export function augments(augmentation: Augmentation): boolean {
  return Object.values(augmentation).some((value) => value === true || (typeof value === 'number' && value > 0))
}
