import { z } from 'zod'

/** Smallest square input that Ablate accepts, in pixels. */
const smallestInput = 32

/** Most convolutional blocks that a network may have. */
const mostBlocks = 8

const share = z.number().min(0).max(0.95)

/** Name of a layer with a kernel. */
export const layerNameSchema = z.string().regex(/^(conv|fc)\d{1,2}$/, 'must be layer names such as conv2 or fc6')

const poolSchema = z.strictObject({
  kind: z.enum(['max', 'average']).describe('largest value of the window, or its mean'),
  size: z.int().min(2).max(8).describe('window of the pool, in pixels; more than the stride: overlapping pools'),
  stride: z.int().min(1).max(8).describe('step of the pool, in pixels'),
})

const convolutionSchema = z.strictObject({
  filters: z.int().min(1).max(4096).describe('output channels before the width multiplier'),
  kernel: z.int().min(1).max(15).describe('side of the square kernel, in pixels'),
  stride: z.int().min(1).max(8).describe('step of the kernel, in pixels'),
  padding: z.enum(['same', 'valid']).describe('same keeps the size, valid adds no border'),
  groups: z
    .int()
    .min(1)
    .max(64)
    .describe('parts into which the channels are split; 2 is the original two-tower network'),
  pool: poolSchema.nullable().describe('pool at the end of the block; null for none'),
  dropout: share.describe('share of the activations set to zero after the block while training'),
})

const denseDropoutSchema = z.strictObject({
  rate: share.describe('share of activations set to zero while training'),
  position: z.enum(['before-dense', 'after-activation']).describe('where it sits in a hidden fully connected block'),
})

const denseSchema = z.strictObject({
  units: z.int().min(1).max(16384).describe('outputs before the width multiplier'),
  dropout: denseDropoutSchema.nullable().describe('dropout of this layer; null: as model.dropout'),
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

const epsilon = z.number().min(1e-12).max(1).describe('added to the variance')

const batchNormalizationSchema = z.strictObject({
  epsilon,
  momentum: z.number().min(0).max(0.9999).describe('share of the old running statistics that is kept'),
})

const groupNormalizationSchema = z.strictObject({
  groups: z.int().min(1).max(256).describe('parts of the channels that are normalised together'),
  epsilon,
})

export const normalizationKinds = ['none', 'lrn', 'bn', 'gn'] as const
export const normalizationPositions = ['before-activation', 'after-activation', 'after-pool'] as const
export const denseNormalizations = ['none', 'same', 'bn', 'gn'] as const

const normalizationSchema = z.strictObject({
  kind: z.enum(normalizationKinds).describe('none, local response, batch, or group normalisation'),
  position: z.enum(normalizationPositions).describe('where it sits in a convolutional block'),
  blocks: z.array(z.int().min(1).max(mostBlocks)).describe('convolutional blocks (1 is the first) that are normalised'),
  dense: z
    .enum(denseNormalizations)
    .describe('in the hidden fully connected layers; same: as kind, where kind is bn or gn'),
  densePosition: z
    .enum(['before-activation', 'after-activation'])
    .describe('where it sits in a hidden fully connected block; after-activation: after its dropout too'),
  lrn: lrnSchema,
  bn: batchNormalizationSchema,
  gn: groupNormalizationSchema,
})

export const activations = ['relu', 'tanh', 'sigmoid', 'leaky-relu', 'gelu'] as const
export const initializers = ['he-normal', 'he-uniform', 'glorot-normal', 'glorot-uniform', 'normal-0.01'] as const

/** One network as data: a table of blocks and the options over it. */
export const modelSpecSchema = z.strictObject({
  input: z.strictObject({
    size: z.int().min(smallestInput).max(1024).describe('side of the square input, in pixels'),
    channels: z.union([z.literal(1), z.literal(3)]).describe('1 for grey, 3 for colour'),
  }),
  classes: z.int().min(2).max(100_000).describe('outputs of the last layer'),
  widthMultiplier: z.number().min(0.03).max(4).describe('scales filters and units'),
  convolutions: z.array(convolutionSchema).min(1).max(mostBlocks),
  removed: z
    .array(z.int().min(1).max(mostBlocks))
    .describe('convolutional layers (1 is the first) that are left out; their pools stay'),
  dense: z.array(denseSchema).max(4).describe('hidden fully connected layers'),
  activation: z.enum(activations).describe('nonlinearity after every hidden layer'),
  leakySlope: z.number().min(0).max(1).describe('slope of leaky ReLU below zero'),
  normalization: normalizationSchema,
  dropout: denseDropoutSchema,
  initializer: z.enum(initializers).describe('distribution of the first weights'),
  onesBiases: z.array(layerNameSchema).describe('layers whose biases begin at 1, such as conv2; all others at 0'),
  output: z.enum(['softmax', 'logits']).describe('whether the network ends with a softmax; training uses logits'),
})

export type ModelSpec = z.infer<typeof modelSpecSchema>
export type Convolution = z.infer<typeof convolutionSchema>
export type Pool = z.infer<typeof poolSchema>
export type DenseDropout = z.infer<typeof denseDropoutSchema>
export type NormalizationKind = (typeof normalizationKinds)[number]
export type Activation = (typeof activations)[number]
