import { z } from 'zod'

/** Largest picture file that may be dropped into the window, in bytes. */
export const mostPictureBytes = 20_000_000
export const mostPictures = 16

/** Bytes of a picture file as the user has it; it is decoded by the process that inspects, under limits. */
const pictureFileSchema = z.strictObject({
  kind: z.literal('file'),
  name: z.string().max(300),
  bytes: z.instanceof(Uint8Array).refine(({ length }) => length <= mostPictureBytes, 'a picture may have 20 MB'),
})

/** An image of the data set by its place. */
const datasetImageSchema = z.strictObject({
  kind: z.literal('dataset'),
  part: z.enum(['train', 'test']),
  index: z.int().min(0),
})

/** A picture to look at a network with. */
export const pictureSourceSchema = z.discriminatedUnion('kind', [pictureFileSchema, datasetImageSchema])
export type PictureSource = z.infer<typeof pictureSourceSchema>

export const inspectedPartSchema = z.enum(['validation', 'test'])
export type InspectedPart = z.infer<typeof inspectedPartSchema>

/** What can be asked of a trained network. */
export const questionSchema = z.discriminatedUnion('kind', [
  /** The predicted class of every image of a part. */
  z.strictObject({ kind: z.literal('predictions'), part: inspectedPartSchema }),
  /** The most probable classes of some pictures. */
  z.strictObject({ kind: z.literal('classify'), pictures: z.array(pictureSourceSchema).min(1).max(mostPictures) }),
  /** The kernels of the first convolution as pictures. */
  z.strictObject({ kind: z.literal('kernels') }),
  /** What the layers make of one picture. */
  z.strictObject({ kind: z.literal('features'), picture: pictureSourceSchema }),
  /** Which pixels of a picture matter for a class; null is the most probable one. */
  z.strictObject({ kind: z.literal('saliency'), picture: pictureSourceSchema, class: z.int().min(0).nullable() }),
  /** The images of a part as points: near each other when the last hidden layer answers them alike. */
  z.strictObject({
    kind: z.literal('embedding'),
    part: inspectedPartSchema,
    images: z.int().min(10).max(2000),
    method: z.enum(['pca', 'umap']),
  }),
])
export type Question = z.infer<typeof questionSchema>
export type QuestionKind = Question['kind']
