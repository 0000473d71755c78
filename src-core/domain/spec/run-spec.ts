import { z } from 'zod'
import { modelSpecSchema } from './model-spec.ts'

/** Raised whenever a stored spec needs a translation to be read. */
export const specVersion = 1

export const dataSpecSchema = z.strictObject({
  dataset: z.string().min(1).max(100).describe('id of the data set'),
  trainImages: z.int().min(1).nullable().describe('images of the training set that are used; null for all'),
  testImages: z.int().min(1).nullable().describe('images of the test set that are used; null for all'),
  validationFraction: z.number().min(0).max(0.5).describe('share of the training images held out for validation'),
  pixels: z.enum(['unit', 'standardized']).describe('unit: value/255; standardized: (value/255 - mean) / deviation'),
})

export const trainingSpecSchema = z.strictObject({
  epochs: z.int().min(1).max(100_000).describe('passes over the training images'),
  steps: z.int().min(1).max(1_000_000_000).nullable().describe('ends the run after this many steps; null for epochs'),
  batchSize: z.int().min(1).max(8192).describe('images per step'),
  learningRate: z.number().positive().max(1e9).describe('step size of gradient descent'),
  momentum: z.number().min(0).max(0.9999).describe('share of the velocity that is kept'),
  seed: z.int().min(0).max(0x7fffffff).describe('decides every random number of the run'),
})

/** Everything that decides a run's numbers. Stored with the run, hashed, never changed afterwards. */
export const runSpecSchema = z.strictObject({
  version: z.literal(specVersion),
  recipe: z.string().min(1).max(100).describe('the recipe that the spec began as'),
  model: modelSpecSchema,
  data: dataSpecSchema,
  training: trainingSpecSchema,
})

export type DataSpec = z.infer<typeof dataSpecSchema>
export type TrainingSpec = z.infer<typeof trainingSpecSchema>
export type RunSpec = z.infer<typeof runSpecSchema>
