import { z } from 'zod'

/** Smallest square input that Ablate accepts, in pixels. */
const smallestInput = 32

const poolSchema = z.strictObject({
  size: z.int().min(2).max(8).describe('window of the max pool, in pixels'),
  stride: z.int().min(1).max(8).describe('step of the max pool, in pixels'),
})

const convolutionSchema = z.strictObject({
  filters: z.int().min(1).max(4096).describe('output channels before the width multiplier'),
  kernel: z.int().min(1).max(15).describe('side of the square kernel, in pixels'),
  stride: z.int().min(1).max(8).describe('step of the kernel, in pixels'),
  padding: z.enum(['same', 'valid']).describe('same keeps the size, valid adds no border'),
  pool: poolSchema.nullable().describe('max pool after the activation; null for none'),
})

const denseSchema = z.strictObject({
  units: z.int().min(1).max(16384).describe('outputs before the width multiplier'),
})

const lrnSchema = z.strictObject({
  n: z
    .int()
    .min(1)
    .max(31)
    .refine((n) => n % 2 === 1, 'must be odd')
    .describe('neighbouring channels, odd'),
  k: z.number().positive().max(1e6).describe('constant k'),
  alpha: z.number().min(0).max(1e6).describe("alpha, the paper's form: not divided by n"),
  beta: z.number().positive().max(10).describe('exponent beta'),
})

const batchNormalizationSchema = z.strictObject({
  epsilon: z.number().min(1e-12).max(1).describe('added to the variance'),
  momentum: z.number().min(0).max(0.9999).describe('share of the old running statistics that is kept'),
})

export const normalizationKinds = ['none', 'lrn', 'bn'] as const

const normalizationSchema = z.strictObject({
  kind: z.enum(normalizationKinds).describe('none, local response normalisation, or batch normalisation'),
  blocks: z.array(z.int().min(1).max(8)).describe('convolutional blocks (1 is the first) that are normalised'),
  dense: z.boolean().describe('batch normalisation after the hidden fully connected layers too'),
  lrn: lrnSchema,
  bn: batchNormalizationSchema,
})

const dropoutSchema = z.strictObject({
  rate: z.number().min(0).max(0.95).describe('share of activations set to zero while training'),
  position: z.enum(['before-dense', 'after-activation']).describe('where it sits in a hidden fully connected block'),
})

export const initializers = ['he-normal', 'glorot-uniform', 'normal-0.01'] as const

/** One network as data: a table of blocks and the options over it. */
export const modelSpecSchema = z.strictObject({
  input: z.strictObject({
    size: z.int().min(smallestInput).max(1024).describe('side of the square input, in pixels'),
    channels: z.union([z.literal(1), z.literal(3)]).describe('1 for grey, 3 for colour'),
  }),
  classes: z.int().min(2).max(100_000).describe('outputs of the softmax'),
  widthMultiplier: z.number().min(0.03).max(4).describe('scales filters and units'),
  convolutions: z.array(convolutionSchema).min(1).max(8),
  dense: z.array(denseSchema).max(4),
  activation: z.enum(['relu']).describe('nonlinearity after every hidden layer'),
  normalization: normalizationSchema,
  dropout: dropoutSchema,
  initializer: z.enum(initializers).describe('distribution of the first weights'),
})

export type ModelSpec = z.infer<typeof modelSpecSchema>
export type Convolution = z.infer<typeof convolutionSchema>
