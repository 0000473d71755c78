import { describe, expect, it } from 'vitest'
import { recipes, recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import { builtInDatasets } from '../../../src-core/domain/dataset.ts'
import { changeWords, proposeRunName } from '../../../src-core/domain/spec/run-name.ts'
import { withAssignments, type Assignments } from '../../../src-core/domain/spec/templates.ts'

function nameOf(recipe: string, set: Assignments = {}): string {
  return proposeRunName(withAssignments(recipeSpec(recipe), set), builtInDatasets)
}

describe('name of a run', () => {
  it.each<[string, Assignments, string]>([
    ['alexnet-small', {}, 'Small AlexNet, seed 1'],
    [
      'alexnet-small',
      {
        'model.activation': 'tanh',
        'training.optimizer': 'adam',
        'training.learningRate': 0.001,
        'training.seed': 2,
      },
      'Small AlexNet, tanh, Adam 0.001, seed 2',
    ],
    ['alexnet-small', { 'training.learningRate': 1 / 3 }, 'Small AlexNet, lr 0.333333, seed 1'],
    ['alexnet-small', { 'training.optimizer': 'nesterov' }, 'Small AlexNet, Nesterov, seed 1'],
    [
      'alexnet-small',
      { 'model.normalization.kind': 'gn', 'model.dropout.rate': 0 },
      'Small AlexNet, GN, no dropout, seed 1',
    ],
    ['alexnet-small', { 'model.removed': [2, 3] }, 'Small AlexNet, without conv2 conv3, seed 1'],
    ['alexnet-small', { 'data.trainImages': 6000, 'data.testImages': 100 }, 'Small AlexNet, 6,000 images, seed 1'],
    [
      'alexnet-small',
      { 'data.augmentation.flip': true, 'data.augmentation.rotation': 10 },
      'Small AlexNet, augmented, seed 1',
    ],
    ['alexnet-small', { 'model.convolutions.2.filters': 64 }, 'Small AlexNet, conv3 filters 64, seed 1'],
    ['alexnet-small', { 'model.dense.0.units': 64 }, 'Small AlexNet, fc6 units 64, seed 1'],
    [
      'alexnet-small',
      { 'training.adam.beta1': 0.5, 'training.momentum': 0.5, 'training.gradientClipNorm': 1 },
      'Small AlexNet, 3 more changes, seed 1',
    ],
    // A title that names what a run may change does not say so twice.
    ['keras-bn', { 'model.classes': 10 }, 'AlexNet, BN, seed 1'],
    [
      'keras-bn',
      { 'model.classes': 12, 'model.normalization.kind': 'none' },
      'AlexNet, no normalisation, model classes 12, seed 1',
    ],
    ['four-layers', { 'model.activation': 'tanh' }, 'Four layers, tanh, seed 1'],
  ])('of %s with %j', (recipe, set, name) => {
    expect(nameOf(recipe, set)).toBe(name)
  })

  it('fits into a run, and tells every recipe from the others', () => {
    const names = recipes.map(({ id }) => nameOf(id))
    expect(new Set(names).size).toBe(names.length)
    expect(names.every((name) => name.length <= 100)).toBe(true)
  })

  it('leaves out what is no value yet in a draft', () => {
    const draft = recipeSpec('alexnet-small')
    const training = { ...draft.training, learningRate: '0.0o1' as unknown as number, seed: NaN }
    expect(proposeRunName({ ...draft, training }, builtInDatasets)).toBe('Small AlexNet')
  })

  it('says the values of given paths, changed or not', () => {
    const paths = ['model.dropout.rate', 'training.learningRate']
    expect(changeWords(recipeSpec('alexnet-small'), paths, builtInDatasets)).toEqual(['dropout 0.5', 'lr 0.01'])
  })
})
