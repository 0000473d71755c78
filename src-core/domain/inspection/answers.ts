import { z } from 'zod'
import { picturesSchema } from '../evaluation/artifact.ts'
import type { QuestionKind } from './questions.ts'

const floats = z.instanceof(Float32Array as { new (): Float32Array<ArrayBuffer> })
const words = z.instanceof(Uint16Array as { new (): Uint16Array<ArrayBuffer> })
const bytes = z.instanceof(Uint8Array as { new (): Uint8Array<ArrayBuffer> })

/** One entry per image of the part, in the data set's order. */
export const predictionsSchema = z.strictObject({
  kind: z.literal('predictions'),
  classes: z.array(z.string()),
  /** Places of the images in the data set's training part (validation) or test part. */
  indices: z.instanceof(Uint32Array as { new (): Uint32Array<ArrayBuffer> }),
  labels: words,
  predicted: words,
  /** Of the predicted class. */
  probability: floats,
  /** 1 where the label is among the five most probable classes. */
  inTop5: bytes,
})
export type Predictions = z.infer<typeof predictionsSchema>

/** A picture with its most probable classes, best first, or why it could not be read. */
export const classifiedSchema = z.strictObject({
  name: z.string(),
  top: z.array(z.strictObject({ label: z.string(), class: z.int(), probability: z.number() })).max(5),
  /** Of every class of the data set in its order; null when it could not be read. */
  probabilities: floats.nullable(),
  problem: z.string().nullable(),
  /** Whether it is bright where the data set's images are dark: the answer is then worth little. */
  unlikeDataset: z.boolean(),
  /** As the network saw it, before normalisation; null when it could not be read. */
  seen: picturesSchema.nullable(),
})
export type Classified = z.infer<typeof classifiedSchema>

const layerMapsSchema = z.strictObject({
  layer: z.string(),
  shape: z.string(),
  /** Numbers of the channels, the most active first. */
  channels: z.array(z.int()),
  maps: picturesSchema,
})
export type LayerMaps = z.infer<typeof layerMapsSchema>

/** A value per pixel of the network's input, row by row; larger matters more. */
const heatSchema = z.strictObject({ size: z.int().min(1), values: floats })
export type Heat = z.infer<typeof heatSchema>

const answers = {
  predictions: predictionsSchema,
  classify: z.strictObject({ kind: z.literal('classify'), pictures: z.array(classifiedSchema) }),
  kernels: z.strictObject({ kind: z.literal('kernels'), layer: z.string(), total: z.int(), kernels: picturesSchema }),
  features: z.strictObject({ kind: z.literal('features'), seen: picturesSchema, layers: z.array(layerMapsSchema) }),
  saliency: z.strictObject({
    kind: z.literal('saliency'),
    seen: picturesSchema,
    class: z.int(),
    label: z.string(),
    probability: z.number(),
    /** Absolute gradient of the class's logit, the largest of the channels. */
    gradient: heatSchema,
    /** By how much the probability falls when a grey square covers the pixel. */
    occlusion: heatSchema,
  }),
  embedding: z.strictObject({
    kind: z.literal('embedding'),
    classes: z.array(z.string()),
    indices: z.instanceof(Uint32Array as { new (): Uint32Array<ArrayBuffer> }),
    labels: words,
    predicted: words,
    /** Two coordinates per image. */
    places: floats,
    /** Share of the variance that the two axes hold; null for a map that has no such axes. */
    explained: z.number().nullable(),
  }),
} as const satisfies Record<QuestionKind, z.ZodType>

/** Images of a data set in the order asked for. */
export const imagesAnswerSchema = z.strictObject({ kind: z.literal('images'), images: picturesSchema })

export const answerSchema = z.discriminatedUnion('kind', [
  answers.predictions,
  answers.classify,
  answers.kernels,
  answers.features,
  answers.saliency,
  answers.embedding,
])
export type Answer = z.infer<typeof answerSchema>
export type AnswerTo<Kind extends QuestionKind> = Extract<Answer, { kind: Kind }>
