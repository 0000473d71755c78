import { z } from 'zod'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import { recipeSpec } from '../../src-core/domain/spec/recipes.ts'
import { modelSpecSchema, type ModelSpec } from '../../src-core/domain/spec/model-spec.ts'
import { plainTraining, trainingSpecSchema, type TrainingSpec } from '../../src-core/domain/spec/training-spec.ts'
import type { OptimizerConfig, TrajectoryConfig } from './trajectory-file.ts'

const positions = {
  'conv-act-pool-norm': 'after-pool',
  'conv-norm-act-pool': 'before-activation',
  'conv-act-norm-pool': 'after-activation',
} as const

function checked<T>(schema: z.ZodType<T>, value: unknown, part: string): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `${[part, ...path].join('.')}: ${message}`)
  throw new WorkbenchError('invalid-value', problems.join('; '))
}

function requireSameLength({ widths, kernels, pads, pools, groups }: TrajectoryConfig): void {
  for (const [name, list] of Object.entries({ kernels, pads, pools, groups })) {
    if (!list || list.length === widths.length) continue
    const message = `config.${name}: must hold one item for each of the ${widths.length} widths, but holds ${list.length}.`
    throw new WorkbenchError('invalid-value', message)
  }
}

function convolutions(config: TrajectoryConfig) {
  const { widths, kernels, pads, pools, groups } = config
  requireSameLength(config)
  return widths.map((filters, index) => ({
    filters,
    kernel: kernels[index],
    stride: index === 0 ? 4 : 1,
    padding: pads[index],
    groups: groups?.[index] ?? 1,
    pool: pools[index] ? { kind: 'max', size: pools[index], stride: 2 } : null,
    dropout: 0,
  }))
}

/**
 * The network of a case: max pools with stride 2, no dropout, first stride 4.
 * @throws WorkbenchError `invalid-value` for sizes that Ablate does not know.
 */
export function trajectoryModel(config: TrajectoryConfig): ModelSpec {
  const standard = recipeSpec('table-lrn').model
  const model = {
    ...standard,
    input: { size: config.size, channels: 3 },
    classes: config.classes,
    widthMultiplier: 1,
    convolutions: convolutions(config),
    removed: [],
    dense: config.dense.map((units) => ({ units, dropout: null })),
    activation: config.activation,
    leakySlope: config.slope ?? standard.leakySlope,
    normalization: {
      kind: config.norm,
      position: positions[config.order],
      blocks: config.norm_at.map((block) => block + 1),
      dense: config.dense_bn ? 'bn' : 'none',
      densePosition: 'after-activation',
      lrn: config.lrn ?? standard.normalization.lrn,
      bn: config.bn ?? standard.normalization.bn,
      gn: config.gn ?? standard.normalization.gn,
    },
    dropout: { rate: 0, position: 'before-dense' },
    onesBiases: [],
    output: 'logits',
  }
  return checked(modelSpecSchema, model, 'config')
}

function kindOf(optimizer: OptimizerConfig): TrainingSpec['optimizer'] {
  if (optimizer.kind !== 'sgd' && optimizer.kind !== 'momentum') return optimizer.kind
  if (optimizer.nesterov) return 'nesterov'
  return optimizer.kind === 'sgd' && !optimizer.momentum ? 'sgd' : 'momentum'
}

function present<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>
}

/**
 * The training of a case: a constant learning rate, no dropout, decay of every trainable weight.
 * @throws WorkbenchError `invalid-value` for values that Ablate does not know.
 */
export function trajectoryTraining({ optimizer, batch, ...config }: TrajectoryConfig): TrainingSpec {
  const fields: Partial<Record<string, number>> = { ...optimizer, kind: undefined, weight_decay: undefined } as never
  const { beta1, beta2, epsilon, rho, momentum } = fields
  const { weightDecay, adam, rmsprop } = plainTraining
  const training = {
    ...plainTraining,
    batchSize: batch,
    optimizer: kindOf(optimizer),
    learningRate: optimizer.lr,
    momentum: momentum ?? 0,
    adam: { ...adam, ...present({ beta1, beta2, epsilon }) },
    rmsprop: { ...rmsprop, ...present({ rho, epsilon }) },
    weightDecay: { ...weightDecay, ...optimizer.weight_decay },
    labelSmoothing: config.label_smoothing ?? 0,
    gradientClipNorm: config.gradient_clip_norm ?? null,
  }
  return checked(trainingSpecSchema, training, 'config')
}
