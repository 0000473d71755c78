import { z } from 'zod'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import { activations } from '../../src-core/domain/spec/model-spec.ts'
import { decayForms } from '../../src-core/domain/spec/training-spec.ts'

const count = z.int().min(1)
const blocks = <T extends z.ZodType>(item: T) => z.array(item).min(1)

/** Words are taken with underscores or dashes. */
function word<const T extends readonly [string, ...string[]]>(words: T) {
  return z.preprocess((value) => (typeof value === 'string' ? value.replaceAll('_', '-') : value), z.enum(words))
}

const weightDecaySchema = z.strictObject({ form: word(decayForms), value: z.number().min(0) })
const rate = { lr: z.number().positive(), weight_decay: weightDecaySchema.nullish() }
const momentum = z.number().min(0)
const adam = { beta1: momentum.optional(), beta2: momentum.optional(), epsilon: z.number().positive().optional() }

export const optimizerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sgd'),
    ...rate,
    momentum: momentum.optional(),
    nesterov: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal('momentum'), ...rate, momentum, nesterov: z.boolean().optional() }),
  z.strictObject({ kind: z.literal('nesterov'), ...rate, momentum }),
  z.strictObject({ kind: z.literal('adam'), ...rate, ...adam }),
  z.strictObject({ kind: z.literal('adamw'), ...rate, ...adam }),
  z.strictObject({
    kind: z.literal('rmsprop'),
    ...rate,
    rho: momentum.optional(),
    momentum: momentum.optional(),
    epsilon: z.number().positive().optional(),
  }),
])
export type OptimizerConfig = z.infer<typeof optimizerSchema>

const plainConfigSchema = z.strictObject({
  size: count,
  classes: count,
  batch: count,
  steps: count,
  /** Filters of each convolutional block; the first has stride 4, all others 1. */
  widths: blocks(count),
  dense: z.array(count),
  kernels: blocks(count),
  pads: blocks(z.enum(['same', 'valid'])),
  groups: blocks(count).optional(),
  /** Size of the pool of each block, its stride is 2; 0 for none. */
  pools: blocks(z.int().min(0)),
  norm: z.enum(['none', 'lrn', 'bn', 'gn']),
  order: word(['conv-act-pool-norm', 'conv-norm-act-pool', 'conv-act-norm-pool']),
  /** Blocks, counted from 0. */
  norm_at: z.array(z.int().min(0)),
  /** Batch normalisation after the activation of each hidden fully connected layer. */
  dense_bn: z.boolean(),
  activation: word(activations),
  /** Of leaky ReLU below zero. */
  slope: z.number().min(0).optional(),
  gain: z.number(),
  optimizer: optimizerSchema,
  lrn: z.strictObject({ n: count, k: z.number(), alpha: z.number(), beta: z.number() }).optional(),
  bn: z.strictObject({ epsilon: z.number().positive(), momentum }).optional(),
  gn: z.strictObject({ groups: count, epsilon: z.number().positive() }).optional(),
  label_smoothing: z.number().min(0).max(0.9).optional(),
  gradient_clip_norm: z.number().positive().optional(),
})

/** Other names under which writers of trajectories know two of the fields. */
const synonyms: Record<string, string> = {
  clip_norm: 'gradient_clip_norm',
  grad_clip: 'gradient_clip_norm',
  grad_clip_norm: 'gradient_clip_norm',
  leaky_slope: 'slope',
  negative_slope: 'slope',
}

/** Plain names; a field that is null counts as not there. */
function withPlainNames(config: unknown): unknown {
  if (typeof config !== 'object' || config === null) return config
  const given = Object.entries(config).filter(([, value]) => value !== null)
  return Object.fromEntries(given.map(([name, value]) => [synonyms[name] ?? name, value]))
}

const configSchema = z.preprocess(withPlainNames, plainConfigSchema)
export type TrajectoryConfig = z.infer<typeof configSchema>

const expectedSchema = z.looseObject({
  losses: blocks(z.number()),
  /** Of each learned layer from the first to the last: the sum and the L2 norm of its kernel after the last step. */
  kernel_sum_and_norm: z.record(z.string(), z.tuple([z.number(), z.number()])),
  /** Logits of two further images in inference mode. */
  eval_logits: z.array(z.array(z.number())),
  params: z.int().optional(),
})

const caseSchema = z.looseObject({ config: configSchema, expected: expectedSchema })
export type Trajectory = z.infer<typeof caseSchema>

const fileSchema = z.looseObject({ cases: z.record(z.string(), z.unknown()) })

function checked<T>(schema: z.ZodType<T>, value: unknown, where: readonly string[]): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${[...where, ...path].join('.') || 'file'}: ${message}`,
  )
  throw new WorkbenchError('invalid-value', problems.join('\n'))
}

/**
 * The cases of a file of reference trajectories, each still to be parsed, so that one that is wrong hides no other.
 * @throws WorkbenchError `invalid-value` when the file is not JSON or has no cases.
 */
export function casesOf(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new WorkbenchError('invalid-value', `The file is not JSON: ${(error as Error).message}`)
  }
  return checked(fileSchema, value, []).cases
}

/** @throws WorkbenchError `invalid-value` naming the case and the field that is unknown or has no such value. */
export function parseCase(name: string, value: unknown): Trajectory {
  return checked(caseSchema, value, ['cases', name])
}
