import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseSweepFile, readSweepFile } from '../../../src-cli/sweep/sweep-file.ts'
import * as sweepPlan from '../../../src-cli/sweep/sweep-plan.ts'
import { sweepRow } from '../../../src-cli/sweep/sweep-results.ts'
import { builtInDatasets } from '../../../src-core/domain/dataset.ts'
import { variantResults } from '../../../src-cli/sweep/sweep-variants.ts'
import { expandTemplate, templates } from '../../../src-core/domain/spec/templates.ts'
import { newFolder } from '../../support/cli.ts'
import { sampleRun } from '../../support/sample-run.ts'

function planSweep(name: string, options: sweepPlan.SweepOptions): sweepPlan.SweepPlan {
  return sweepPlan.planSweep(name, options, builtInDatasets)
}

const valid = { title: 'Mine', recipe: 'alexnet-small' }
const twoVariants = [
  { name: 'tanh', set: { 'model.activation': 'tanh' } },
  { name: 'few', set: { 'data.trainImages': 320 } },
]

function fileWith(content: unknown): string {
  const file = join(newFolder(), 'sweep.json')
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

describe('runs of a template', () => {
  it.each(templates.map(({ id }) => id))('%s: as the template expands', (id) => {
    const template = templates.find((one) => one.id === id)!
    expect(planSweep(id, {}).runs.map(({ name, spec }) => ({ name, spec }))).toEqual(expandTemplate(template))
  })

  it('options hold for all runs and win', () => {
    const { runs } = planSweep('normalization', {
      set: ['training.epochs=9', 'training.seed=3', 'data.trainImages=640'],
      epochs: '2',
      seed: '7',
    })
    const facts = runs.map(({ spec: { data, training } }) => [data.trainImages, training.epochs, training.seed])
    expect(facts).toEqual(Array(3).fill([640, 2, 7]))
  })

  it('repeats every variant with as many seeds, from the given one on', () => {
    const { runs } = planSweep('weight-decay', { seeds: '2', seed: '5' })
    expect(runs.map(({ name, spec }) => [name, spec.training.seed])).toEqual([
      ['Weight decay on and off: Off, seed 5', 5],
      ['Weight decay on and off: Off, seed 6', 6],
      ['Weight decay on and off: 0.0005, seed 5', 5],
      ['Weight decay on and off: 0.0005, seed 6', 6],
    ])
  })

  it.each([
    ['vgg', {}, 'There is no ablation "vgg". Known ablations: relu-tanh'],
    ['dropout', { seeds: '0' }, '--seeds must be a whole number from 1 to 500, but got "0"'],
    ['dropout', { seeds: 'two' }, '--seeds must be a whole number'],
    ['dropout', { seeds: '200' }, 'at most 500 runs, but this one would have 600'],
    ['dropout', { seed: '2147483647', seeds: '2' }, 'training.seed: must be at most 2147483647'],
    ['dropout', { dataset: 'imagenet' }, 'Known data sets: mnist'],
    ['dropout', { set: ['training.batchSize=8000'] }, 'Dropout 0, 0.4 and 0.5: Dropout 0: A batch of 8000 images'],
    ['dropout', { set: ['data.tenCrop=true'] }, 'Dropout 0: data.resize: must be more'],
  ])('%s with %j is refused: %s', (name, options, message) => {
    expect(() => planSweep(name, options)).toThrow(message)
  })
})

describe('lists over any fields', () => {
  it('vary a recipe: ranges, words, alternatives of a list, and seeds', () => {
    const { runs, grid, template, title } = planSweep('alexnet-small', {
      set: [
        'training.learningRate=1e-3..1e-1 log 3',
        'model.activation=relu,tanh',
        'training.seed=1..2',
        'training.epochs=2',
      ],
    })
    expect([template, title, runs.length]).toEqual(['alexnet-small', 'Small AlexNet', 12])
    expect(runs.slice(0, 3).map(({ name, cell }) => [name, cell])).toEqual([
      ['Small AlexNet: ReLU, lr 0.001, seed 1', 0],
      ['Small AlexNet: ReLU, lr 0.001, seed 2', 0],
      ['Small AlexNet: tanh, lr 0.001, seed 1', 1],
    ])
    expect(grid.factors.map(({ id, levels }) => [id, levels.map(({ name }) => name)])).toEqual([
      ['training.learningRate', ['0.001', '0.01', '0.1']],
      ['model.activation', ['relu', 'tanh']],
    ])
    expect(grid.cells).toEqual(runs.map(({ cell }) => cell))
    expect(runs.every(({ spec }) => spec.training.epochs === 2)).toBe(true)
    const blocks = planSweep('alexnet-small', { set: ['model.normalization.blocks=1,2|1'] })
    expect(blocks.runs.map(({ spec }) => spec.model.normalization.blocks)).toEqual([[1, 2], [1]])
  })

  it('vary the variants of a template, and win over them', () => {
    const { runs } = planSweep('weight-decay', { set: ['training.learningRate=0.01,0.1'] })
    expect(runs.map(({ name }) => name)).toEqual([
      'Weight decay on and off: Off, lr 0.01',
      'Weight decay on and off: Off, lr 0.1',
      'Weight decay on and off: 0.0005, lr 0.01',
      'Weight decay on and off: 0.0005, lr 0.1',
    ])
  })

  it('are refused where a combination breaks a rule, unless such ones are left out', () => {
    const set = ['data.validationFraction=0,0.1', 'training.schedule.kind=constant,plateau']
    expect(() => planSweep('alexnet-small', { set })).toThrow(
      /validation.*plateau schedule watches the validation error\. Leave such combinations out with --leave-out/,
    )
    const { runs, leftOut } = planSweep('alexnet-small', { set, leaveOut: true })
    expect([runs.length, leftOut.map(({ cell }) => cell)]).toEqual([3, [1]])
  })

  it.each([
    [[], 'alexnet-small is a recipe: say what is varied'],
    [['training.learningRate=0.1..0.5'], 'training.learningRate: "0.1..0.5" needs a step'],
    [['training.learningRate=0.1,0.1'], 'training.learningRate: 0.1 is in the list twice'],
    [['training.learningRates=0.1,0.2'], 'The spec has no field "training.learningRates"'],
    [['training.batchSize=1..100', 'training.epochs=1..9'], 'at most 500 runs, but this one would have 900'],
    [['training.learningRate=-1,0.1'], 'training.learningRate: must be'],
  ])('--set %j: %s', (set, message) => {
    expect(() => planSweep('alexnet-small', { set })).toThrow(message)
  })
})

describe('runs of a file', () => {
  it('takes variants by name, a seed list, and the classes of the data set', () => {
    const file = fileWith({
      ...valid,
      recipe: 'keras-bn',
      set: { 'training.epochs': 1 },
      variants: twoVariants,
      seeds: [4, 9],
      goal: { metric: 'train/accuracy', atLeast: 0.5 },
    })
    const plan = planSweep(file, {})
    expect(plan.runs.map(({ name }) => name)).toEqual([
      'Mine: tanh, seed 4',
      'Mine: tanh, seed 9',
      'Mine: few, seed 4',
      'Mine: few, seed 9',
    ])
    expect(plan.runs.map(({ spec }) => [spec.model.classes, spec.training.epochs])).toEqual(Array(4).fill([10, 1]))
    expect(plan.goal).toEqual({
      title: 'Epochs to train/accuracy 0.5',
      metric: 'train/accuracy',
      atLeast: 0.5,
      window: 1,
    })
    expect(planSweep(file, { seed: '1' }).runs.map(({ spec }) => spec.training.seed)).toEqual([1, 1])
  })

  it('takes every combination of a grid and names it by its values', () => {
    const grid = { 'model.dropout.rate': [0, 0.4], 'training.learningRate': [0.01, 0.1] }
    const { runs } = planSweep(fileWith({ ...valid, grid }), {})
    expect(runs.map(({ name }) => name)).toEqual([
      'Mine: no dropout, lr 0.01',
      'Mine: no dropout, lr 0.1',
      'Mine: dropout 0.4, lr 0.01',
      'Mine: dropout 0.4, lr 0.1',
    ])
    expect(runs[2]!.spec.model.dropout.rate).toBe(0.4)
    expect(runs[2]!.spec.training.learningRate).toBe(0.01)
  })

  it('names a grid by its fields where words do not tell its runs apart', () => {
    const { runs } = planSweep(fileWith({ ...valid, grid: { 'data.testImages': [100, null] } }), {})
    expect(runs.map(({ name }) => name)).toEqual(['Mine: data.testImages=100', 'Mine: data.testImages=null'])
  })

  it.each<[unknown, string]>([
    ['{"title": ', 'sweep.json is not JSON'],
    [[], 'sweep.json: must be an object'],
    [{ recipe: 'alexnet-small', variants: twoVariants }, 'sweep.json: title: must be a string'],
    [{ ...valid, variants: twoVariants, epochs: 3 }, 'a sweep has no field "epochs"'],
    [{ ...valid, variants: [{ name: 'a', sets: {}, set: {} }] }, 'a sweep has no field "variants.0.sets"'],
    [{ ...valid, variants: [{ name: '', set: {} }] }, 'variants.0.name: must have at least 1 character'],
    [{ ...valid }, 'variants: must be given, or a grid instead, and not both'],
    [{ ...valid, variants: twoVariants, grid: { 'training.seed': [1] } }, 'and not both'],
    [{ ...valid, variants: [twoVariants[0], twoVariants[0]] }, 'variants: must have names that differ'],
    [{ ...valid, variants: [] }, 'variants: must have at least 1 item'],
    [{ ...valid, grid: {} }, 'grid: must name at least one path'],
    [{ ...valid, grid: { 'training.seed': [] } }, 'grid.training.seed: must have at least 1 item'],
    [{ ...valid, grid: { 'training.seed': [1, 1] } }, 'grid: must not repeat a value, as training.seed does'],
    [{ ...valid, variants: twoVariants, seeds: [1, 1] }, 'seeds: must not repeat a number'],
    [{ ...valid, variants: twoVariants, seeds: [0.5] }, 'seeds.0: must be a whole number'],
    [{ ...valid, variants: twoVariants, goal: { metric: 'Train', atLeast: 1 } }, 'goal.metric'],
  ])('refuses %j', (content, message) => {
    expect(() => planSweep(fileWith(content), {})).toThrow(message)
  })

  it.each<[object, string]>([
    [{ set: { 'training.epoch': 1 } }, 'sweep.json: set: The spec has no field "training.epoch"'],
    [
      { variants: [{ name: 'a', set: { 'model.dropout.rate': 2 } }] },
      'variants.0.set: model.dropout.rate: must be at most',
    ],
    [{ recipe: 'vgg' }, 'sweep.json: There is no recipe "vgg"'],
    [{ set: { 'data.dataset': 'imagenet' } }, 'Known data sets: mnist'],
    [
      { variants: [{ name: 'big', set: { 'training.batchSize': 8192, 'data.trainImages': 99 } }] },
      'Mine: big: A batch of 8192',
    ],
  ])('names the place of what the spec refuses: %j', (change, message) => {
    const file = fileWith({ ...valid, variants: twoVariants, ...change })
    expect(() => planSweep(file, {})).toThrow(message)
  })

  it('refuses a grid of more than 500 runs before it is spelled out', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1)
    const paths = ['training.seed', 'training.epochs', 'training.steps', 'training.batchSize', 'data.trainImages']
    const grid = Object.fromEntries(paths.map((path) => [path, hundred]))
    expect(() => planSweep(fileWith({ ...valid, grid }), {})).toThrow(
      'at most 500 runs, but this one would have 10000000000',
    )
  })

  it('refuses files that are missing, folders, and files too large', () => {
    expect(() => readSweepFile(join(newFolder(), 'none.json'))).toThrow('cannot be read')
    expect(() => readSweepFile(newFolder())).toThrow('cannot be read')
    expect(() => readSweepFile(fileWith(' '.repeat(1024 * 1024 + 1)))).toThrow('at most 1048576')
  })

  it('a key that would reach the prototype is no path', () => {
    const text = `{"title":"a","recipe":"alexnet-small","variants":[{"name":"a","set":{"model.__proto__.x":1}}]}`
    expect(parseSweepFile(text, 'a.json').variants).toHaveLength(1)
    expect(() => planSweep(fileWith(text), {})).toThrow('no field "model.__proto__.x"')
    expect(({} as { x?: number }).x).toBeUndefined()
  })
})

describe('results of a run', () => {
  const goal = { title: 'Epochs', metric: 'train/accuracy', atLeast: 0.5, window: 2 }
  const logged = (values: readonly number[]): { epoch: number; value: number }[] =>
    values.map((value, index) => ({ epoch: (index + 1) / 2, value }))

  function rowOf(history: Record<string, readonly number[]>): ReturnType<typeof sweepRow> {
    const reader = { export: (_runId: string, metric: string) => logged(history[metric] ?? []) }
    const workspace = { metrics: reader } as unknown as Parameters<typeof sweepRow>[0]
    return sweepRow(workspace, sampleRun({ last: { 'test/accuracy': 0.75 } }), goal)
  }

  it('come from the whole history', () => {
    const row = rowOf({ 'validation/accuracy': [0.5, 0.875, NaN, 0.75], 'train/accuracy': [0.6, 0.3, 0.7, 0.9] })
    expect(row).toMatchObject({ bestValidationAccuracy: 0.875, testAccuracy: 0.75, reached: 1.5 })
  })

  it('are null where nothing was logged or reached', () => {
    expect(rowOf({ 'train/accuracy': [0.1, 0.2] })).toMatchObject({ bestValidationAccuracy: null, reached: null })
  })
})

describe('variants of a sweep', () => {
  const row = (name: string, test: number | null) => ({
    ...{ run: 'r0123456789', name, state: 'finished' as const, trainAccuracy: 0.5 },
    ...{ bestValidationAccuracy: 0.75, testAccuracy: test, reached: null },
  })
  const runWith = (rate: number, seed: number) => {
    const run = sampleRun({})
    const { model, training } = run.spec
    const dropout = { ...model.dropout, rate }
    return { ...run, spec: { ...run.spec, model: { ...model, dropout }, training: { ...training, seed } } }
  }

  it('are the runs that differ in their seed alone, with mean and standard deviation', () => {
    const rows = [row('Off, seed 1', 0.9), row('On, seed 1', 0.7), row('Off, seed 2', 0.92), row('On, seed 2', null)]
    const variants = variantResults(rows, [runWith(0, 1), runWith(0.5, 1), runWith(0, 2), runWith(0.5, 2)])
    expect(variants.map(({ name, seeds }) => [name, seeds])).toEqual([
      ['Off', 2],
      ['On', 2],
    ])
    expect(variants[0]!.test!.mean).toBeCloseTo(0.91, 12)
    expect(variants[0]!.test!.standardDeviation).toBeCloseTo(0.01 * Math.SQRT2, 12)
    expect(variants[1]!.test).toEqual({ count: 1, mean: 0.7, standardDeviation: null })
    expect(variants[0]!.reached).toBeNull()
  })
})
