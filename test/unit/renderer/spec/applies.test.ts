import { describe, expect, it } from 'vitest'
import { listPaths, setAtPath } from '../../../../src-core/domain/spec/paths.ts'
import { recipes, recipeSpec } from '../../../../src-core/domain/spec/recipes.ts'
import type { RunSpec } from '../../../../src-core/domain/spec/run-spec.ts'
import { withAssignments } from '../../../../src-core/domain/spec/templates.ts'
import { applies } from '../../../../src-renderer/lib/spec/applies.ts'

const base = recipeSpec('alexnet-small')

function with_(set: Record<string, unknown>, spec: RunSpec = base): RunSpec {
  return withAssignments(spec, set)
}

/** The settable paths with a beginning that have an effect. */
function applied(spec: RunSpec, beginning: string): string[] {
  return listPaths(spec)
    .map(({ path }) => path)
    .filter((path) => path.startsWith(beginning) && applies(path, spec))
    .map((path) => path.slice(beginning.length))
}

describe('what applies', () => {
  it.each([
    ['sgd', []],
    ['momentum', ['momentum']],
    ['nesterov', ['momentum']],
    ['adam', ['adam.beta1', 'adam.beta2', 'adam.epsilon']],
    ['adamw', ['adam.beta1', 'adam.beta2', 'adam.epsilon']],
    ['rmsprop', ['momentum', 'rmsprop.rho', 'rmsprop.epsilon']],
  ])('to the optimizer %s', (optimizer, expected) => {
    const spec = with_({ 'training.optimizer': optimizer })
    const constants = applied(spec, 'training.').filter((path) => /^(momentum|adam|rmsprop)/.test(path))
    expect(constants).toEqual(expected)
  })

  it.each([
    ['constant', ['kind', 'warmupEpochs']],
    ['plateau', ['kind', 'warmupEpochs', 'factor', 'patience', 'reductions']],
    ['step', ['kind', 'warmupEpochs', 'factor', 'everyEpochs']],
    ['exponential', ['kind', 'warmupEpochs', 'factor']],
    ['cosine', ['kind', 'warmupEpochs', 'finalShare']],
    ['one-cycle', ['kind', 'warmupEpochs', 'riseShare', 'startDivisor', 'finalDivisor']],
  ])('to the schedule %s', (kind, expected) => {
    const spec = with_({ 'training.schedule.kind': kind })
    expect(applied(spec, 'training.schedule.')).toEqual(expected)
    expect(applies('training.learningRate', spec)).toBe(true)
  })

  it('to the table: its rows, and not the learning rate', () => {
    const spec = with_({ 'training.schedule.kind': 'table' })
    expect(applied(spec, 'training.schedule.table.')).toHaveLength(8)
    expect(applies('training.learningRate', spec)).toBe(false)
  })

  it.each([
    [{ 'model.normalization.kind': 'none' }, ['kind', 'dense']],
    [
      { 'model.normalization.kind': 'lrn' },
      ['kind', 'position', 'blocks', 'dense', 'lrn.n', 'lrn.k', 'lrn.alpha', 'lrn.beta'],
    ],
    [{ 'model.normalization.kind': 'bn' }, ['kind', 'position', 'blocks', 'dense', 'bn.epsilon', 'bn.momentum']],
    [
      { 'model.normalization.kind': 'none', 'model.normalization.dense': 'gn' },
      ['kind', 'dense', 'densePosition', 'gn.groups', 'gn.epsilon'],
    ],
    [
      { 'model.normalization.kind': 'lrn', 'model.normalization.dense': 'same' },
      ['kind', 'position', 'blocks', 'dense', 'lrn.n', 'lrn.k', 'lrn.alpha', 'lrn.beta'],
    ],
  ])('to the normalisation of %j', (set, expected) => {
    expect(applied(with_(set), 'model.normalization.')).toEqual(expected)
  })

  it('to weight decay: its form unless AdamW decides it', () => {
    expect(applied(base, 'training.weightDecay.')).toEqual(['value'])
    const decaying = with_({ 'training.weightDecay.value': 5e-4 })
    expect(applied(decaying, 'training.weightDecay.')).toEqual(['value', 'form', 'biases', 'normalization', 'exclude'])
    const adamw = with_({ 'training.optimizer': 'adamw', 'model.normalization.kind': 'none' }, decaying)
    expect(applied(adamw, 'training.weightDecay.')).toEqual(['value', 'biases', 'exclude'])
  })

  it('to a removed convolution: its pool and dropout alone', () => {
    const spec = with_({ 'model.removed': [2] })
    expect(applied(spec, 'model.convolutions.1.')).toEqual(['pool.kind', 'pool.size', 'pool.stride', 'dropout'])
    expect(applied(spec, 'model.convolutions.0.')).toContain('filters')
  })

  it('to transfer: what is loaded and frozen', () => {
    expect(applied(base, 'training.transfer.')).toEqual(['from', 'layerFactor'])
    const loaded = with_({ 'training.transfer.from': 'run:abc' })
    expect(applied(loaded, 'training.transfer.')).toEqual(['from', 'replaceHead', 'frozen', 'layerFactor'])
    const frozen = with_({ 'training.transfer.frozen': ['conv1'] }, loaded)
    expect(applied(frozen, 'training.transfer.')).toContain('unfreezeEvery')
  })

  it.each([
    ['model.leakySlope', 'model.activation', 'leaky-relu'],
    ['data.mean', 'data.pixels', 'custom'],
    ['data.tenCrop', 'data.resize', 64],
    ['data.augmentation.randomCrop', 'data.resize', 64],
    ['data.testDeviation', 'data.testMean', [0.5]],
    ['training.pretraining.epochs', 'training.pretraining.kind', 'rbm'],
    ['training.earlyStopping.metric', 'training.earlyStopping.patience', 3],
  ])('%s only after a choice of %s', (path, decider, value) => {
    expect([applies(path, base), applies(path, setAtPath(base, decider, value))]).toEqual([false, true])
  })

  it('epochs or steps, not both', () => {
    const inSteps = with_({ 'training.steps': 100 })
    expect([applies('training.epochs', base), applies('training.epochs', inSteps)]).toEqual([true, false])
  })

  it('no dropout for all where every hidden layer has its own, or there is none', () => {
    const own = with_({ 'model.dense.0.dropout': { rate: 0.1, position: 'before-dense' } })
    expect(applies('model.dropout.rate', own)).toBe(true)
    const both = with_({ 'model.dense.1.dropout': { rate: 0.1, position: 'before-dense' } }, own)
    expect(applies('model.dropout.rate', both)).toBe(false)
    expect(applies('model.dropout.rate', recipeSpec('four-layers'))).toBe(false)
  })

  it('the kind of every choice always, so that it can be made', () => {
    const deciders = listPaths(base)
      .map(({ path }) => path)
      .filter((path) => /\.kind$/.test(path) && !path.startsWith('model.convolutions'))
    expect(deciders).toHaveLength(3)
    for (const { spec } of recipes)
      for (const path of deciders) expect([path, applies(path, spec)]).toEqual([path, true])
  })
})
