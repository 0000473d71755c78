import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { perClassAccuracy } from '../../../src-core/domain/evaluation/confusion.ts'
import { mnistInfo } from '../../../src-core/domain/dataset.ts'
import { planArchitecture } from '../../../src-core/domain/network/architecture.ts'
import { specProblems, specWarnings } from '../../../src-core/domain/spec/consistency.ts'
import { parseSpec, setAtPath } from '../../../src-core/domain/spec/paths.ts'
import { recipeSpec, recipes } from '../../../src-core/domain/spec/recipes.ts'
import { runSpecSchema, storedRunSpecSchema, type RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import { expandTemplate, findTemplate, templates, withAssignments } from '../../../src-core/domain/spec/templates.ts'
import { phaseAt, planWorkload } from '../../../src-core/domain/workload.ts'

/** The recipes as version 0.1.0 wrote them. */
const version1 = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../fixtures/specs-version-1.json'), 'utf8'),
) as Record<string, { model: { convolutions: object[] } }>

describe('specs of version 1', () => {
  it.each(Object.keys(version1))('%s is read and means the same network', (id) => {
    const upgraded = storedRunSpecSchema.parse(version1[id])
    const today = recipeSpec(id)
    expect(planArchitecture(upgraded.model)).toEqual(planArchitecture(today.model))
    expect(upgraded.training).toEqual(today.training)
    expect(upgraded.data).toEqual(today.data)
  })

  it('are refused where only present ones may come, and left alone when they are broken', () => {
    expect(runSpecSchema.safeParse(version1['keras-bn']).success).toBe(false)
    expect(storedRunSpecSchema.safeParse({ version: 1, model: 3 }).success).toBe(false)
    expect(storedRunSpecSchema.safeParse({ ...version1['keras-bn'], surplus: 1 }).success).toBe(false)
  })

  it('present specs pass unchanged', () => {
    expect(storedRunSpecSchema.parse(recipeSpec('paper-003'))).toEqual(recipeSpec('paper-003'))
  })
})

describe('recipes of the documents', () => {
  it.each(recipes.map(({ id }) => id))('%s is consistent', (id) => {
    expect(specProblems(recipeSpec(id))).toEqual([])
    expect(parseSpec(recipeSpec(id))).toEqual(recipeSpec(id))
  })

  it('have the figures that the documents name', () => {
    expect(recipeSpec('flowers-adam-001')).toMatchObject({
      model: { classes: 17, input: { size: 224 } },
      data: { pixels: 'unit', validationFraction: 0.2 },
      training: { optimizer: 'adam', batchSize: 64, epochs: 5 },
    })
    expect(recipeSpec('paper-003').training).toMatchObject({
      batchSize: 128,
      momentum: 0.9,
      learningRate: 0.01,
      weightDecay: { value: 5e-4, form: 'paper' },
      schedule: { kind: 'plateau', factor: 0.1, reductions: 3 },
    })
    expect(recipeSpec('cifar-004')).toMatchObject({
      data: { validationFraction: 0.1, mean: [0.4914, 0.4822, 0.4465], testMean: [0.485, 0.456, 0.406] },
      training: { batchSize: 64, learningRate: 0.005, weightDecay: { value: 0.005 }, epochs: 20, seed: 1 },
    })
  })

  it('warn of the other normalisation with which document 004 tests', () => {
    expect(specWarnings(recipeSpec('cifar-004')).map(({ path }) => path)).toEqual(['data.testMean'])
    expect(specWarnings(recipeSpec('alexnet-small'))).toEqual([])
  })

  it('are warned of transfer settings that have no effect', () => {
    const idle = withAssignments(recipeSpec('alexnet-small'), {
      'training.transfer.unfreezeEvery': 2,
      'training.transfer.replaceHead': true,
    })
    expect(specWarnings(idle).map(({ path }) => path)).toEqual([
      'training.transfer.unfreezeEvery',
      'training.transfer.replaceHead',
    ])
  })
})

describe('fields that do not go together', () => {
  const small = recipeSpec('alexnet-small')
  const cases: [Record<string, unknown>, string, string][] = [
    [
      { 'training.optimizer': 'adam', 'training.weightDecay.value': 0.1 },
      'training.weightDecay.form',
      'must be gradient or decoupled with adam',
    ],
    [{ 'training.classWeights': [1, 2] }, 'training.classWeights', 'for each of the 10 classes, but holds 2'],
    [{ 'training.classWeights': Array(10).fill(0) }, 'training.classWeights', 'at least one weight above 0'],
    [{ 'model.input.size': 64, 'data.resize': 48 }, 'data.resize', 'at least the input'],
    [{ 'data.tenCrop': true }, 'data.resize', 'for ten crops'],
    [{ 'data.augmentation.randomCrop': true }, 'data.resize', 'for random crops'],
    [{ 'data.pixels': 'custom', 'data.mean': [0.1, 0.2] }, 'data.mean', 'must hold 1 or 3 numbers'],
    [{ 'data.testMean': [0.5] }, 'data.testDeviation', 'must be given too'],
    [
      { 'data.validationFraction': 0, 'training.schedule.kind': 'plateau' },
      'data.validationFraction',
      'the plateau schedule watches',
    ],
    [
      { 'data.validationFraction': 0, 'training.earlyStopping.patience': 3 },
      'data.validationFraction',
      'early stopping watches',
    ],
    [
      {
        'training.schedule.table': [
          { epochs: null, learningRate: 1 },
          { epochs: 2, learningRate: 1 },
        ],
      },
      'training.schedule.table',
      'the epochs of all rows but the last',
    ],
    [{ 'training.transfer.frozen': ['conv1'] }, 'training.transfer.frozen', 'must be empty unless'],
    [{ 'training.transfer.from': 'somewhere' }, 'training.transfer.from', 'must be run:ID'],
    [
      { 'training.transfer.from': 'run:r0123456789a', 'training.pretraining.kind': 'rbm' },
      'training.pretraining.kind',
      'must be none',
    ],
  ]

  it.each(cases)('%j is a problem of %s', (set, path, message) => {
    const found = specProblems(withAssignments(small, set))
    expect(found.map((problem) => problem.path)).toContain(path)
    expect(found.find((problem) => problem.path === path)!.message).toContain(message)
  })

  it('lets AdamW decay, whose form is always decoupled', () => {
    const spec = withAssignments(small, { 'training.optimizer': 'adamw', 'training.weightDecay.value': 0.01 })
    expect(specProblems(spec)).toEqual([])
  })

  it('names the path of a layer that is no layer name', () => {
    expect(() => setAtPath(small, 'training.weightDecay.exclude', ['head'])).toThrow(
      'must be layer names such as conv2',
    )
  })
})

describe('templates of ablations', () => {
  it.each(templates.map(({ id }) => id))('%s makes runs that can train, with names that tell them apart', (id) => {
    const runs = expandTemplate(findTemplate(id))
    expect(new Set(runs.map(({ name }) => name)).size).toBe(runs.length)
    expect(new Set(runs.map(({ spec }) => JSON.stringify(spec))).size).toBe(runs.length)
    for (const { spec } of runs) {
      expect(specProblems(spec)).toEqual([])
      expect(planArchitecture(spec.model).params).toBeGreaterThan(0)
    }
  })

  it('let overrides win over what the template and its variants set', () => {
    const runs = expandTemplate(findTemplate('dropout'), { 'model.dropout.rate': 0.1, 'training.epochs': 1 })
    expect(runs.map(({ spec }) => [spec.model.dropout.rate, spec.training.epochs])).toEqual([
      [0.1, 1],
      [0.1, 1],
      [0.1, 1],
    ])
  })

  it('name the known ones when one is unknown', () => {
    expect(() => findTemplate('colour')).toThrow('Known ablations: relu-tanh, normalization')
  })
})

describe('phases', () => {
  const spec: RunSpec = withAssignments(recipeSpec('alexnet-small'), {
    'data.trainImages': 6000,
    'training.epochs': 3,
    'training.pretraining.kind': 'autoencoder',
    'training.pretraining.epochs': 2,
    'model.removed': [2],
  })

  it('pre-train every convolutional layer that is there, then train all', () => {
    const work = planWorkload(spec, mnistInfo)
    expect(work.phases.map(({ layer, firstStep, steps }) => [layer, firstStep, steps])).toEqual([
      ['conv1', 0, 168],
      ['conv3', 168, 168],
      ['conv4', 336, 168],
      ['conv5', 504, 168],
      [null, 672, 252],
    ])
    expect([work.pretrainingSteps, work.totalSteps]).toEqual([672, 924])
    expect([0, 167, 168, 671, 672, 924].map((step) => phaseAt(work, step).layer)).toEqual([
      'conv1',
      'conv1',
      'conv3',
      'conv5',
      null,
      null,
    ])
  })
})

it('gives the accuracy of every class, and none for a class without images', () => {
  expect(perClassAccuracy({ classes: 3, counts: [3, 1, 0, 0, 0, 0, 2, 2, 4] })).toEqual([0.75, null, 0.5])
})
