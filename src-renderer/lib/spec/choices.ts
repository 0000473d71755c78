import { fieldFacts } from './field-schema.ts'

export interface Choice {
  readonly value: string | number
  readonly title: string
}

const places = {
  'before-activation': 'Before the activation',
  'after-activation': 'After the activation',
  'after-pool': 'After the pool',
}
const metrics = {
  'validation/accuracy': 'Validation accuracy',
  'validation/loss': 'Validation loss',
  'validation/top5-error': 'Validation top-5 error',
}
const normalizations = {
  none: 'None',
  lrn: 'Local response normalisation',
  bn: 'Batch normalisation',
  gn: 'Group normalisation',
}
const dropoutPlaces = { 'before-dense': 'Before the layer', 'after-activation': 'After the activation' }

/** Titles of a field's values, by path; values without one stand as they are. */
const titles: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'data.pixels': { standardized: 'Standardised', unit: '0 to 1', custom: 'Own mean and deviation' },
  'model.input.channels': { '1': '1 (grey)', '3': '3 (colour)' },
  'model.activation': {
    relu: 'ReLU',
    tanh: 'tanh',
    sigmoid: 'Sigmoid',
    'leaky-relu': 'Leaky ReLU',
    gelu: 'GELU',
  },
  'model.initializer': {
    'he-normal': 'He normal',
    'he-uniform': 'He uniform',
    'glorot-normal': 'Glorot normal',
    'glorot-uniform': 'Glorot uniform',
    'normal-0.01': 'Normal, deviation 0.01',
  },
  'model.output': { softmax: 'Softmax', logits: 'Logits' },
  'model.normalization.kind': normalizations,
  'model.normalization.position': places,
  'model.normalization.densePosition': places,
  'model.normalization.dense': {
    none: 'None',
    same: 'As in the blocks',
    bn: 'Batch normalisation',
    gn: 'Group normalisation',
  },
  'model.dropout.position': dropoutPlaces,
  'training.optimizer': {
    sgd: 'SGD',
    momentum: 'SGD with momentum',
    nesterov: 'SGD with Nesterov momentum',
    adam: 'Adam',
    adamw: 'AdamW',
    rmsprop: 'RMSprop',
  },
  'training.weightDecay.form': {
    paper: 'In the velocity (paper)',
    gradient: 'In the gradient (L2)',
    decoupled: 'Decoupled',
  },
  'training.schedule.kind': {
    constant: 'Constant',
    table: 'Table by epoch',
    plateau: 'Reduce on plateau',
    step: 'Step',
    exponential: 'Exponential',
    cosine: 'Cosine',
    'one-cycle': 'One-cycle',
  },
  'training.selection': metrics,
  'training.earlyStopping.metric': metrics,
  'training.pretraining.kind': {
    none: 'None',
    autoencoder: 'Auto-encoder',
    rbm: 'Restricted Boltzmann machine',
  },
}

/** Titles of the values of fields in lists, by the end of their paths. */
const itemTitles: readonly (readonly [pattern: RegExp, titles: Readonly<Record<string, string>>])[] = [
  [/^model\.convolutions\.\d+\.padding$/, { same: 'Same size', valid: 'None (valid)' }],
  [/^model\.convolutions\.\d+\.pool\.kind$/, { max: 'Largest value', average: 'Average' }],
  [/^model\.dense\.\d+\.dropout\.position$/, dropoutPlaces],
  [/^environment\.device$/, { cpu: 'CPU', gpu: 'GPU' }],
]

/** The title of a field's value where the window has one. */
export function knownTitle(path: string, value: unknown): string | undefined {
  const of = titles[path] ?? itemTitles.find(([pattern]) => pattern.test(path))?.[1]
  return of?.[String(value)]
}

/** The title of a field's value in lists to choose from and in summaries. */
export function choiceTitle(path: string, value: unknown): string {
  return titles[path]?.[String(value)] ?? String(value)
}

/** The values of a field with few of them, in the schema's order, with their titles. */
export function choicesFor(path: string): Choice[] {
  return fieldFacts(path).choices.map((value) => ({ value, title: choiceTitle(path, value) }))
}
