import { z } from 'zod'
import { layerNameSchema } from './model-spec.ts'

export const optimizers = ['sgd', 'momentum', 'nesterov', 'adam', 'adamw', 'rmsprop'] as const
export const scheduleKinds = ['constant', 'table', 'plateau', 'step', 'exponential', 'cosine', 'one-cycle'] as const
export const decayForms = ['paper', 'gradient', 'decoupled'] as const
export const selectionMetrics = ['validation/accuracy', 'validation/loss', 'validation/top5-error'] as const
export const precisions = ['float32', 'bfloat16'] as const
export const pretrainingKinds = ['none', 'autoencoder', 'rbm'] as const

const learningRate = z.number().positive().max(1e9)
const decayRate = z.number().min(0).max(0.999999)

const scheduleSchema = z.strictObject({
  kind: z.enum(scheduleKinds).describe('how the learning rate changes'),
  warmupEpochs: z
    .number()
    .min(0)
    .max(10_000)
    .describe('epochs of linear warm-up before the schedule begins; fractions are allowed'),
  table: z
    .array(
      z.strictObject({
        epochs: z.int().min(1).nullable().describe('how many epochs; null: the rest'),
        learningRate: learningRate.describe('learning rate in these epochs'),
      }),
    )
    .min(1)
    .max(100)
    .describe('table: learning rates by epochs, the last one stays; training.learningRate is not used'),
  factor: z.number().positive().max(1).describe('step, exponential, plateau: factor of each reduction'),
  everyEpochs: z.int().min(1).max(100_000).describe('step: epochs between two reductions'),
  patience: z.int().min(1).max(10_000).describe('plateau: evaluations without a lower validation error until reducing'),
  reductions: z.int().min(1).max(100).describe('plateau: how often it reduces at most'),
  finalShare: z.number().min(0).max(1).describe('cosine: share of the learning rate at the end'),
  riseShare: z.number().min(0.01).max(0.99).describe('one-cycle: share of the steps in which the rate rises'),
  startDivisor: z.number().min(1).max(1e9).describe('one-cycle: the rate begins at learningRate divided by this'),
  finalDivisor: z.number().min(1).max(1e9).describe('one-cycle: the rate ends at its beginning divided by this'),
})

const weightDecaySchema = z.strictObject({
  value: z.number().min(0).max(10).describe('weight decay; 0 for none'),
  form: z
    .enum(decayForms)
    .describe(
      "paper: inside the velocity; gradient: added to the gradient (L2); decoupled: beside the optimizer's step",
    ),
  biases: z.boolean().describe('whether biases decay too'),
  normalization: z.boolean().describe('whether gamma and beta of normalisations decay too'),
  exclude: z.array(layerNameSchema).describe('layers that do not decay, such as fc8'),
})

const earlyStoppingSchema = z.strictObject({
  patience: z
    .int()
    .min(1)
    .max(100_000)
    .nullable()
    .describe('ends the run after this many evaluations without improvement; null: never'),
  metric: z.enum(selectionMetrics).describe('what must improve'),
  minimumChange: z.number().min(0).max(100).describe('smallest change that counts as improvement'),
})

const pretrainingSchema = z.strictObject({
  kind: z
    .enum(pretrainingKinds)
    .describe('unsupervised training of each convolutional layer before the supervised training'),
  epochs: z.int().min(1).max(10_000).describe('passes over the training images for each convolutional layer'),
  learningRate: learningRate.describe('learning rate of the pre-training (Adam)'),
})

const transferSchema = z.strictObject({
  from: z
    .string()
    .max(1000)
    .nullable()
    .describe('where the first weights come from: run:ID, run:ID@STEP or file:PATH; null: drawn at random'),
  replaceHead: z.boolean().describe('draw the last layer anew even where its shape fits'),
  frozen: z.array(layerNameSchema).describe('layers that are not trained, such as conv1'),
  unfreezeEvery: z
    .int()
    .min(1)
    .max(10_000)
    .nullable()
    .describe('epochs after which the topmost frozen layer is released, one after the other; null: never'),
  layerFactor: z
    .number()
    .positive()
    .max(1)
    .describe('discriminative learning rates: factor for each learned layer below the last; 1: all alike'),
})

export const trainingSpecSchema = z.strictObject({
  epochs: z.int().min(1).max(100_000).describe('passes over the training images'),
  steps: z.int().min(1).max(1_000_000_000).nullable().describe('ends the run after this many steps; null for epochs'),
  batchSize: z.int().min(1).max(8192).describe('images per step'),
  seed: z.int().min(0).max(0x7fffffff).describe('decides every random number of the run'),
  optimizer: z.enum(optimizers).describe('rule by which gradients change the weights'),
  learningRate: learningRate.describe('step size of gradient descent; the highest one of a schedule'),
  momentum: z.number().min(0).max(0.9999).describe('share of the velocity that is kept: momentum, nesterov, rmsprop'),
  adam: z.strictObject({
    beta1: decayRate.describe('adam, adamw: decay of the mean gradient'),
    beta2: decayRate.describe('adam, adamw: decay of the mean squared gradient'),
    epsilon: z.number().positive().max(1).describe('adam, adamw: added to the root'),
  }),
  rmsprop: z.strictObject({
    rho: decayRate.describe('rmsprop: decay of the mean squared gradient'),
    epsilon: z.number().positive().max(1).describe('rmsprop: added below the root'),
  }),
  weightDecay: weightDecaySchema,
  schedule: scheduleSchema,
  labelSmoothing: z.number().min(0).max(0.9).describe('share of the target that is spread evenly over all classes'),
  classWeights: z
    .array(z.number().min(0).max(1e6))
    .nullable()
    .describe('weight of each class in the loss, in the order of the labels; null: all alike'),
  gradientClipNorm: z
    .number()
    .positive()
    .max(1e9)
    .nullable()
    .describe('largest norm of all gradients together; null: unlimited'),
  precision: z
    .enum(precisions)
    .describe(
      'arithmetic of convolutions and fully connected layers while training; bfloat16 is faster only on processors that have it',
    ),
  selection: z.enum(selectionMetrics).describe('decides which checkpoint is kept as the best'),
  earlyStopping: earlyStoppingSchema,
  pretraining: pretrainingSchema,
  transfer: transferSchema,
})

export type TrainingSpec = z.infer<typeof trainingSpecSchema>
export type Schedule = TrainingSpec['schedule']
export type OptimizerKind = TrainingSpec['optimizer']
export type Precision = TrainingSpec['precision']
export type SelectionMetric = (typeof selectionMetrics)[number]

/** What a run does unless its recipe says otherwise: SGD with momentum at a constant rate, nothing else. */
export const plainTraining: TrainingSpec = {
  epochs: 5,
  steps: null,
  batchSize: 32,
  seed: 1,
  optimizer: 'momentum',
  learningRate: 0.01,
  momentum: 0.9,
  adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
  rmsprop: { rho: 0.9, epsilon: 1e-7 },
  weightDecay: { value: 0, form: 'paper', biases: true, normalization: true, exclude: [] },
  schedule: {
    kind: 'constant',
    warmupEpochs: 0,
    table: [
      { epochs: 2, learningRate: 5e-4 },
      { epochs: 3, learningRate: 2e-4 },
      { epochs: 4, learningRate: 5e-5 },
      { epochs: null, learningRate: 1e-5 },
    ],
    factor: 0.1,
    everyEpochs: 10,
    patience: 2,
    reductions: 3,
    finalShare: 0,
    riseShare: 0.3,
    startDivisor: 25,
    finalDivisor: 1e4,
  },
  labelSmoothing: 0,
  classWeights: null,
  gradientClipNorm: null,
  precision: 'float32',
  selection: 'validation/accuracy',
  earlyStopping: { patience: null, metric: 'validation/loss', minimumChange: 0 },
  pretraining: { kind: 'none', epochs: 1, learningRate: 1e-3 },
  transfer: { from: null, replaceHead: false, frozen: [], unfreezeEvery: null, layerFactor: 1 },
}

/** The form that the weight decay really takes: AdamW's is always decoupled. */
export function effectiveDecayForm({ optimizer, weightDecay }: TrainingSpec): (typeof decayForms)[number] {
  return optimizer === 'adamw' ? 'decoupled' : weightDecay.form
}
