import { WorkbenchError } from '../errors.ts'
import type { Factor, Level } from '../grid/grid.ts'
import { didYouMean } from '../nearest.ts'
import { setAtPath } from './paths.ts'
import { recipeSpec } from './recipes.ts'
import type { RunSpec } from './run-spec.ts'

/** Changes of a spec by path, applied in the order in which they stand. */
export type Assignments = Readonly<Record<string, unknown>>

export interface Variant {
  readonly name: string
  readonly set: Assignments
}

/** The value of a logged metric at which a run has reached what the comparison asks for. */
export interface Goal {
  readonly title: string
  readonly metric: string
  readonly atLeast: number
  /** Trailing mean over so many logged values, because a single batch says little. */
  readonly window: number
}

/** A ready ablation: runs that differ in one thing. */
export interface AblationTemplate {
  readonly id: string
  readonly title: string
  /** What the comparison answers. */
  readonly question: string
  readonly recipe: string
  /** For all runs. */
  readonly set: Assignments
  readonly variants: readonly Variant[]
  readonly goal: Goal | null
}

/** Enough of MNIST to see a difference within minutes on a processor of two cores. */
const quickData: Assignments = {
  'data.trainImages': 6000,
  'data.testImages': 2000,
  'training.epochs': 3,
}

function variant(name: string, set: Assignments): Variant {
  return { name, set }
}

/** The ablations that the documents suggest, in the order in which they are offered. */
export const templates: readonly AblationTemplate[] = [
  {
    id: 'relu-tanh',
    title: 'ReLU against tanh',
    question: 'How many epochs does each activation need to 25 % training error, at the same learning rate?',
    recipe: 'four-layers',
    // Pixels of one sign and He-normal weights: with standardised pixels the first logits are so large that ReLUs die.
    set: {
      ...quickData,
      'data.pixels': 'unit',
      'model.initializer': 'he-normal',
      'training.learningRate': 0.003,
      'training.momentum': 0.9,
    },
    variants: [variant('ReLU', { 'model.activation': 'relu' }), variant('tanh', { 'model.activation': 'tanh' })],
    goal: { title: 'Epochs to 25 % training error', metric: 'train/accuracy', atLeast: 0.75, window: 5 },
  },
  {
    id: 'normalization',
    title: 'LRN against batch normalisation against none',
    question: 'What does normalisation bring, and which one?',
    recipe: 'alexnet-small',
    set: { ...quickData, 'model.normalization.blocks': [1, 2] },
    variants: [
      variant('LRN', { 'model.normalization.kind': 'lrn' }),
      variant('Batch normalisation', { 'model.normalization.kind': 'bn' }),
      variant('None', { 'model.normalization.kind': 'none' }),
    ],
    goal: null,
  },
  {
    id: 'dropout',
    title: 'Dropout 0, 0.4 and 0.5',
    question: 'Does dropout narrow the gap between training and validation?',
    recipe: 'alexnet-small',
    set: quickData,
    variants: [0, 0.4, 0.5].map((rate) => variant(`Dropout ${rate}`, { 'model.dropout.rate': rate })),
    goal: null,
  },
  {
    id: 'schedules',
    title: 'Learning-rate schedules',
    question: 'Which schedule reaches the best validation accuracy in the same number of epochs?',
    recipe: 'alexnet-small',
    set: { ...quickData, 'training.epochs': 5 },
    variants: [
      variant('Constant', { 'training.schedule.kind': 'constant' }),
      variant('Divide by 10 on plateau', { 'training.schedule.kind': 'plateau' }),
      variant('Step, 0.3 every 2 epochs', {
        'training.schedule.kind': 'step',
        'training.schedule.factor': 0.3,
        'training.schedule.everyEpochs': 2,
      }),
      variant('Exponential, 0.7 per epoch', {
        'training.schedule.kind': 'exponential',
        'training.schedule.factor': 0.7,
      }),
      variant('Cosine', { 'training.schedule.kind': 'cosine' }),
      variant('One-cycle', { 'training.schedule.kind': 'one-cycle', 'training.learningRate': 0.03 }),
    ],
    goal: null,
  },
  {
    id: 'augmentation',
    title: 'Augmentation on and off',
    question: 'Do shifted, turned and scaled copies help when there are few images?',
    recipe: 'alexnet-small',
    set: { ...quickData, 'data.trainImages': 2000, 'training.epochs': 8 },
    variants: [
      variant('Off', {}),
      variant('On', {
        'data.augmentation.translation': 3,
        'data.augmentation.rotation': 10,
        'data.augmentation.scaling': 0.1,
      }),
    ],
    goal: null,
  },
  {
    id: 'weight-decay',
    title: 'Weight decay on and off',
    question: 'What does the 0.0005 of the paper change?',
    recipe: 'alexnet-small',
    set: quickData,
    variants: [
      variant('Off', { 'training.weightDecay.value': 0 }),
      variant('0.0005', { 'training.weightDecay.value': 5e-4 }),
    ],
    goal: null,
  },
  {
    id: 'pre-training',
    title: 'Unsupervised pre-training on and off',
    question: 'Does the pre-trained network start better than the random one?',
    recipe: 'alexnet-small',
    set: { ...quickData, 'model.normalization.kind': 'none' },
    variants: [
      variant('Random start', { 'training.pretraining.kind': 'none' }),
      variant('Auto-encoder', { 'training.pretraining.kind': 'autoencoder' }),
      variant('Restricted Boltzmann machine', { 'training.pretraining.kind': 'rbm' }),
    ],
    goal: null,
  },
  {
    id: 'remove-layer',
    title: 'Remove one convolutional layer',
    question: 'Which of the five convolutions does the network miss most?',
    recipe: 'alexnet-small',
    set: quickData,
    variants: [
      variant('All five', { 'model.removed': [] }),
      ...[1, 2, 3, 4, 5].map((number) => variant(`Without conv${number}`, { 'model.removed': [number] })),
    ],
    goal: null,
  },
]

/**
 * The template with this id.
 * @throws WorkbenchError `unknown-recipe` listing the ids that exist.
 */
export function findTemplate(id: string): AblationTemplate {
  const found = templates.find((template) => template.id === id)
  if (found) return found
  const known = templates.map((template) => template.id)
  const message = `There is no ablation "${id}".${didYouMean(id, known)} Known ablations: ${known.join(', ')}.`
  throw new WorkbenchError('unknown-recipe', message, { template: id })
}

/** The variants of an ablation as the one factor of a grid. */
export function variantFactor(variants: readonly Variant[]): Factor {
  return { id: 'variant', levels: variants.map(({ name, set }) => ({ name, set: { ...set } as Level['set'] })) }
}

/** A copy of the spec with all assignments applied in order. @throws WorkbenchError as `setAtPath`. */
export function withAssignments(spec: RunSpec, assignments: Assignments): RunSpec {
  return Object.entries(assignments).reduce((changed, [path, value]) => setAtPath(changed, path, value), spec)
}

export interface PlannedRun {
  readonly name: string
  readonly spec: RunSpec
}

/**
 * The runs of a template, named after it. `overrides` come last and hold for all of them.
 * @throws WorkbenchError as `setAtPath`.
 */
export function expandTemplate(
  template: Omit<AblationTemplate, 'id' | 'question' | 'goal'>,
  overrides: Assignments = {},
): PlannedRun[] {
  return template.variants.map(({ name, set }) => ({
    name: `${template.title}: ${name}`,
    spec: withAssignments(recipeSpec(template.recipe), { ...template.set, ...set, ...overrides }),
  }))
}
