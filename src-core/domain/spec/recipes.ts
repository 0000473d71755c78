import { WorkbenchError } from '../errors.ts'
import { didYouMean } from '../nearest.ts'
import { noAugmentation, type DataSpec } from './data-spec.ts'
import type { ModelSpec } from './model-spec.ts'
import { presets } from './presets.ts'
import { specVersion, type RunSpec } from './run-spec.ts'
import { plainTraining, type TrainingSpec } from './training-spec.ts'

export interface Recipe {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly spec: RunSpec
}

const plainData: DataSpec = {
  dataset: 'mnist',
  trainImages: null,
  testImages: null,
  validationFraction: 0.1,
  resize: null,
  pixels: 'standardized',
  mean: [0.5],
  deviation: [0.5],
  testMean: null,
  testDeviation: null,
  tenCrop: false,
  augmentation: noAugmentation,
}

interface RecipeDifferences {
  readonly model?: Partial<ModelSpec>
  readonly data?: Partial<DataSpec>
  readonly training?: Partial<TrainingSpec>
}

function presetOf(id: string): (typeof presets)[number] {
  return presets.find((preset) => preset.id === id)!
}

function spec(recipe: string, preset: string, { model, data, training }: RecipeDifferences): RunSpec {
  return {
    version: specVersion,
    recipe,
    model: { ...presetOf(preset).model, ...model },
    data: { ...plainData, ...data },
    training: { ...plainTraining, ...training },
  }
}

/** Training of the presets where 5 epochs at batch 32 and learning rate 0.01 would not be a sensible start. */
const presetTraining: Readonly<Record<string, Partial<TrainingSpec>>> = {
  'alexnet-small': { batchSize: 64 },
  'lenet-5': { batchSize: 64, epochs: 10, learningRate: 0.02 },
  'four-layers': { batchSize: 128, epochs: 5 },
}

const presetRecipes: readonly Recipe[] = presets.map(({ id, title, description }) => ({
  id,
  title,
  description,
  spec: spec(id, id, { training: presetTraining[id] ?? {} }),
}))

/** Document 004 trains with CIFAR-10's statistics and tests with ImageNet's. */
const cifarStatistics = { mean: [0.4914, 0.4822, 0.4465], deviation: [0.2023, 0.1994, 0.201] }
const imageNetStatistics = { testMean: [0.485, 0.456, 0.406], testDeviation: [0.229, 0.224, 0.225] }

const paperTraining: Partial<TrainingSpec> = {
  epochs: 90,
  batchSize: 128,
  learningRate: 0.01,
  momentum: 0.9,
  weightDecay: { ...plainTraining.weightDecay, value: 5e-4, form: 'paper' },
  schedule: { ...plainTraining.schedule, kind: 'plateau', factor: 0.1, patience: 3, reductions: 3 },
}

/** Whole runs out of a document: its network, its data preparation, its training. */
const documentRecipes: readonly Recipe[] = [
  {
    id: 'keras-bn-000',
    title: 'Document 000: Keras with batch normalisation',
    description: 'The network of document 000, which names no training: SGD with momentum 0.9, pixels divided by 255.',
    spec: spec('keras-bn-000', 'keras-bn', { data: { pixels: 'unit' } }),
  },
  {
    id: 'flowers-adam-001',
    title: 'Document 001: 17 flowers with Adam',
    description: 'Adam at 0.001, batches of 64, 5 epochs, a fifth held out for validation, pixels divided by 255.',
    spec: spec('flowers-adam-001', 'flowers-17', {
      data: { pixels: 'unit', validationFraction: 0.2 },
      training: { optimizer: 'adam', learningRate: 1e-3, batchSize: 64, epochs: 5 },
    }),
  },
  {
    id: 'scheduled-002',
    title: 'Document 002: learning rate by epoch table',
    description:
      'LeNet-5, 20 epochs: 0.0005 for 2 epochs, 0.0002 for 3, 0.00005 for 4, then 0.00001. The document names no batch size and no optimizer: 16 and momentum 0.9 here.',
    spec: spec('scheduled-002', 'lenet-5', {
      training: {
        epochs: 20,
        batchSize: 16,
        learningRate: 5e-4,
        schedule: { ...plainTraining.schedule, kind: 'table' },
      },
    }),
  },
  {
    id: 'paper-003',
    title: 'Document 003: the paper',
    description:
      'Two towers, batches of 128, momentum 0.9, weight decay 0.0005, 0.01 divided by 10 up to three times when the validation error stops improving; 256 pixels, random crops, mirror images, colour shift, ten crops.',
    spec: spec('paper-003', 'paper-two-tower', {
      data: {
        resize: 256,
        tenCrop: true,
        augmentation: { ...noAugmentation, randomCrop: true, flip: true, colorShift: 0.1 },
      },
      training: paperTraining,
    }),
  },
  {
    id: 'cifar-004',
    title: 'Document 004: CIFAR-10 in PyTorch',
    description:
      'Batches of 64, SGD with momentum 0.9 at 0.005, weight decay 0.005, 20 epochs, a tenth held out, seed 1. Tests with other pixel statistics than it trains with, as the document does.',
    spec: spec('cifar-004', 'cifar-10', {
      data: { pixels: 'custom', ...cifarStatistics, ...imageNetStatistics, validationFraction: 0.1 },
      training: {
        epochs: 20,
        batchSize: 64,
        learningRate: 0.005,
        momentum: 0.9,
        weightDecay: { ...plainTraining.weightDecay, value: 0.005, form: 'gradient' },
        seed: 1,
      },
    }),
  },
]

/** The recipes in the order in which they are offered: every preset with a plain training, then the documents' runs. */
export const recipes: readonly Recipe[] = [...presetRecipes, ...documentRecipes]

/**
 * The recipe with this id.
 * @throws WorkbenchError `unknown-recipe` listing the ids that exist.
 */
export function findRecipe(id: string): Recipe {
  const found = recipes.find((recipe) => recipe.id === id)
  if (found) return found
  const known = recipes.map((recipe) => recipe.id)
  const message = `There is no recipe "${id}".${didYouMean(id, known)} Known recipes: ${known.join(', ')}.`
  throw new WorkbenchError('unknown-recipe', message, { recipe: id })
}

/** A fresh copy of a recipe's spec that the caller may change. */
export function recipeSpec(id: string): RunSpec {
  return structuredClone(findRecipe(id).spec)
}
