import { WorkbenchError } from '../errors.ts'
import type { Convolution, ModelSpec } from './model-spec.ts'
import { specVersion, type RunSpec, type TrainingSpec } from './run-spec.ts'

export interface Recipe {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly spec: RunSpec
}

const pool3by2 = { size: 3, stride: 2 } as const

/** The five convolutions that all AlexNets of the documents share, but for the last pool. */
function alexNetConvolutions(lastPool: { size: number; stride: number }): Convolution[] {
  return [
    { filters: 96, kernel: 11, stride: 4, padding: 'valid', pool: pool3by2 },
    { filters: 256, kernel: 5, stride: 1, padding: 'same', pool: pool3by2 },
    { filters: 384, kernel: 3, stride: 1, padding: 'same', pool: null },
    { filters: 384, kernel: 3, stride: 1, padding: 'same', pool: null },
    { filters: 256, kernel: 3, stride: 1, padding: 'same', pool: lastPool },
  ]
}

/** The paper's LRN constants (Krizhevsky et al. 2012, section 3.3). */
const paperLrn = { n: 5, k: 2, alpha: 1e-4, beta: 0.75 }

/** The defaults of Keras' BatchNormalization. */
const kerasBn = { epsilon: 1e-3, momentum: 0.99 }

const fullAlexNet: Pick<ModelSpec, 'input' | 'classes' | 'widthMultiplier' | 'dense' | 'activation' | 'initializer'> = {
  input: { size: 227, channels: 3 },
  classes: 1000,
  widthMultiplier: 1,
  dense: [{ units: 4096 }, { units: 4096 }],
  activation: 'relu',
  initializer: 'he-normal',
}

const kerasBnModel: ModelSpec = {
  ...fullAlexNet,
  convolutions: alexNetConvolutions({ size: 2, stride: 2 }),
  normalization: { kind: 'bn', blocks: [1, 2, 3, 4, 5], dense: true, lrn: paperLrn, bn: kerasBn },
  dropout: { rate: 0.4, position: 'after-activation' },
}

const tableLrnModel: ModelSpec = {
  ...fullAlexNet,
  convolutions: alexNetConvolutions(pool3by2),
  normalization: { kind: 'lrn', blocks: [1, 2], dense: false, lrn: paperLrn, bn: kerasBn },
  dropout: { rate: 0.5, position: 'before-dense' },
}

/**
 * AlexNet for inputs from 32 pixels: the same table at a quarter of the width, with a first convolution of
 * 5x5 and stride 1 instead of 11x11 and stride 4, which would leave nothing of a small picture.
 * BN keeps 0.9 of its running statistics: with 0.99 they lag behind in runs of a few hundred steps.
 */
const alexNetSmallModel: ModelSpec = {
  ...fullAlexNet,
  input: { size: 32, channels: 3 },
  classes: 10,
  widthMultiplier: 0.25,
  // With he-normal the logits begin large (first loss 8) and 0.01 learns nothing in the first hundred steps.
  initializer: 'glorot-uniform',
  convolutions: [
    { filters: 96, kernel: 5, stride: 1, padding: 'same', pool: pool3by2 },
    ...alexNetConvolutions(pool3by2).slice(1),
  ],
  normalization: { kind: 'bn', blocks: [1, 2], dense: false, lrn: paperLrn, bn: { epsilon: 1e-3, momentum: 0.9 } },
  dropout: { rate: 0.5, position: 'before-dense' },
}

const fullTraining: TrainingSpec = {
  epochs: 5,
  steps: null,
  batchSize: 32,
  learningRate: 0.01,
  momentum: 0.9,
  seed: 1,
}

function spec(recipe: string, model: ModelSpec, training: TrainingSpec): RunSpec {
  return {
    version: specVersion,
    recipe,
    model,
    data: { dataset: 'mnist', trainImages: null, testImages: null, validationFraction: 0.1, pixels: 'standardized' },
    training,
  }
}

/** The recipes in the order in which they are offered. */
export const recipes: readonly Recipe[] = [
  {
    id: 'alexnet-small',
    title: 'Small AlexNet',
    description: 'AlexNet at a quarter of its width for inputs of 32 pixels and more. Trains on a laptop in minutes.',
    spec: spec('alexnet-small', alexNetSmallModel, { ...fullTraining, batchSize: 64, learningRate: 0.01 }),
  },
  {
    id: 'keras-bn',
    title: 'AlexNet with batch normalisation (Keras)',
    description: '227 pixels, batch normalisation after every pool and in the fully connected layers, dropout 0.4.',
    spec: spec('keras-bn', kerasBnModel, fullTraining),
  },
  {
    id: 'table-lrn',
    title: 'AlexNet with local response normalisation (table)',
    description: '227 pixels, local response normalisation after the first two pools, dropout 0.5 before FC6 and FC7.',
    spec: spec('table-lrn', tableLrnModel, fullTraining),
  },
]

/**
 * The recipe with this id.
 * @throws WorkbenchError `unknown-recipe` listing the ids that exist.
 */
export function findRecipe(id: string): Recipe {
  const found = recipes.find((recipe) => recipe.id === id)
  if (found) return found
  const known = recipes.map((recipe) => recipe.id).join(', ')
  throw new WorkbenchError('unknown-recipe', `There is no recipe "${id}". Known recipes: ${known}.`, { recipe: id })
}

/** A fresh copy of a recipe's spec that the caller may change. */
export function recipeSpec(id: string): RunSpec {
  return structuredClone(findRecipe(id).spec)
}
