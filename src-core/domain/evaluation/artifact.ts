import { z } from 'zod'
import { stepProfileSchema } from '../profile/step-profile.ts'
import { confusionSchema } from './confusion.ts'

const step = z.int().min(0)
const base64 = z.string().max(4_000_000)

/** What one evaluation found beyond its numbers. */
const confusionArtifact = z.strictObject({
  kind: z.literal('confusion'),
  step,
  part: z.enum(['validation', 'test']),
  confusion: confusionSchema,
})

/** Pictures beside each other: bytes, row by row, of `count` images of size x size x channels, base64. */
export const picturesSchema = z.strictObject({
  count: z.int().min(1).max(64),
  size: z.int().min(1).max(512),
  channels: z.union([z.literal(1), z.literal(3)]),
  pixels: base64,
})
export type Pictures = z.infer<typeof picturesSchema>

/** What a layer made of some images while it was pre-trained. */
const reconstructionArtifact = z.strictObject({
  kind: z.literal('reconstruction'),
  step,
  layer: z.string(),
  originals: picturesSchema,
  reconstructions: picturesSchema,
})

/** The batch at which loss or weights stopped being finite. */
const divergedArtifact = z.strictObject({
  kind: z.literal('diverged-batch'),
  step,
  /** What was first found to be not finite: the loss, or a weight by its name. */
  what: z.string(),
  learningRate: z.number(),
  /** Places in the data set's training part, and the classes of these images. */
  images: z.array(z.int().min(0)).max(8192),
  labels: z.array(z.int().min(0)).max(8192),
})

/** Where the time of the steps up to this one went. */
const profileArtifact = z.strictObject({ kind: z.literal('profile'), step, profile: stepProfileSchema })

/** Pictures of kernels that are kept of one layer. */
export const mostKernels = 64

/** The smallest and the largest weight of each kernel. */
const limits = z.array(z.number()).min(1).max(mostKernels)

/**
 * The kernels of the first convolution as they were after a step, a byte per weight: 0 stands for the kernel's `lowest`
 * weight, 255 for its `highest`. A weight that is read back is off by at most 1/510 of the distance between the two.
 */
export const filtersArtifactSchema = z
  .strictObject({
    kind: z.literal('filters'),
    step,
    layer: z.string(),
    /** Kernels of the layer; the first ones are kept. */
    total: z.int().min(1),
    kernels: picturesSchema,
    lowest: limits,
    highest: limits,
  })
  .refine(
    ({ kernels, lowest, highest }) => lowest.length === kernels.count && highest.length === kernels.count,
    'expected one lowest and one highest weight for each kernel',
  )
export type FiltersArtifact = z.infer<typeof filtersArtifactSchema>

/** Kernels in the record; whoever knows all up to an `id` asks for what came after it. */
export const recordedFiltersSchema = z.strictObject({ id: z.int(), filters: filtersArtifactSchema })
export type RecordedFilters = z.infer<typeof recordedFiltersSchema>

/** What a run leaves beside its metrics and checkpoints. Recorded in order with the points of its step. */
export const artifactSchema = z.discriminatedUnion('kind', [
  confusionArtifact,
  reconstructionArtifact,
  divergedArtifact,
  profileArtifact,
  filtersArtifactSchema,
])
export type Artifact = z.infer<typeof artifactSchema>
export type ArtifactKind = Artifact['kind']

/** An artifact in a list: everything but its body. */
export const artifactHeaderSchema = z.strictObject({
  id: z.int(),
  kind: z.enum(['confusion', 'reconstruction', 'diverged-batch', 'profile', 'filters']),
  step,
  /** The evaluated part, or the layer of a reconstruction or of kernels; empty otherwise. */
  subject: z.string(),
})
export type ArtifactHeader = z.infer<typeof artifactHeaderSchema>

/** Training images as stored, and what augmentation makes of each of them in turn: `variants` pictures per original. */
export const augmentationPreviewSchema = z.strictObject({
  originals: picturesSchema,
  variants: z.int().min(1).max(16),
  /** originals.count * variants pictures, those of the first original first. */
  augmented: picturesSchema,
})
export type AugmentationPreview = z.infer<typeof augmentationPreviewSchema>
