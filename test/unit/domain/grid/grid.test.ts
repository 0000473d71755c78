import { describe, expect, it } from 'vitest'
import { mnistInfo } from '../../../../src-core/domain/dataset.ts'
import { bestCell, cellTable } from '../../../../src-core/domain/grid/cell-table.ts'
import { chooseProbes, gridCost, hoursText, probeGroups } from '../../../../src-core/domain/grid/cost.ts'
import { factorsOfGrid, factorsOfRuns } from '../../../../src-core/domain/grid/factors.ts'
import { fieldFactor, gridWords, levelsOfCell, type Factor } from '../../../../src-core/domain/grid/grid.ts'
import { onTopOf, planCells, planRuns } from '../../../../src-core/domain/grid/plan.ts'
import type { Probe } from '../../../../src-core/domain/preflight/probe.ts'
import { measuredTime } from '../../../../src-core/domain/preflight/run-time.ts'
import { setAtPath } from '../../../../src-core/domain/spec/paths.ts'
import { recipeSpec } from '../../../../src-core/domain/spec/recipes.ts'
import { withAssignments, type Assignments } from '../../../../src-core/domain/spec/templates.ts'
import { planWorkload } from '../../../../src-core/domain/workload.ts'

const spec = recipeSpec('alexnet-small')
const datasets = [mnistInfo]
const dropout = fieldFactor('model.dropout.rate', [0, 0.4, 0.5])
const rate = fieldFactor('training.learningRate', [0.01, 0.1])
const request = { title: 'Mine', build: onTopOf(spec), datasets }

describe('a grid', () => {
  it('has every combination, the last factor changing fastest, named by its values', () => {
    const cells = planCells({ ...request, factors: [dropout, rate] })
    expect(cells.map(({ cell, levels, name, problem }) => [cell, levels, name, problem])).toEqual([
      [0, [0, 0], 'Mine: no dropout, lr 0.01', null],
      [1, [0, 1], 'Mine: no dropout, lr 0.1', null],
      [2, [1, 0], 'Mine: dropout 0.4, lr 0.01', null],
      [3, [1, 1], 'Mine: dropout 0.4, lr 0.1', null],
      [4, [2, 0], 'Mine: dropout 0.5, lr 0.01', null],
      [5, [2, 1], 'Mine: dropout 0.5, lr 0.1', null],
    ])
    expect(cells.map(({ cell }) => levelsOfCell([dropout, rate], cell))).toEqual(cells.map(({ levels }) => levels))
  })

  it('keeps combinations that break a rule in their place, with the reason, and makes no runs of them', () => {
    const validation = fieldFactor('data.validationFraction', [0, 0.1])
    const schedule = fieldFactor('training.schedule.kind', ['constant', 'plateau'])
    const cells = planCells({ ...request, factors: [validation, schedule] })
    expect(cells.map(({ problem }) => problem)).toEqual([
      null,
      expect.stringContaining('must be more than 0: the plateau schedule watches the validation error'),
      null,
      null,
    ])
    expect(planRuns(cells, () => null, 'cells-first').map(({ cell }) => cell)).toEqual([0, 2, 3])
  })

  it('keeps what cannot be written down at all, such as a batch that is larger than the data', () => {
    const cells = planCells({
      ...request,
      factors: [fieldFactor('training.batchSize', [64, 2000, 0])],
      build: onTopOf(setAtPath(spec, 'data.trainImages', 1000)),
    })
    expect(cells.map(({ problem }) => problem)).toEqual([
      null,
      expect.stringContaining('A batch of 2000 images'),
      expect.stringContaining('training.batchSize: must be at least 1'),
    ])
  })

  it('makes each cell once before the next seed, or all seeds of a cell, as wanted', () => {
    const cells = planCells({ ...request, factors: [rate] })
    const facts = (order: 'cells-first' | 'seeds-first') =>
      planRuns(cells, () => [1, 2], order).map((run) => [run.cell, run.spec.training.seed])
    expect(facts('cells-first')).toEqual([
      [0, 1],
      [1, 1],
      [0, 2],
      [1, 2],
    ])
    expect(facts('seeds-first')).toEqual([
      [0, 1],
      [0, 2],
      [1, 1],
      [1, 2],
    ])
    expect(planRuns(cells, () => [7], 'cells-first')[0]!.name).toBe('Mine: lr 0.01, seed 7')
  })

  it('refuses more runs than it may have', () => {
    const many = fieldFactor(
      'training.epochs',
      Array.from({ length: 100 }, (_, index) => index + 1),
    )
    expect(() => planCells({ ...request, factors: [many, dropout, rate] })).toThrow(
      'at most 500 runs, but this one would have 600',
    )
  })

  it('says its size in words', () => {
    expect(gridWords([dropout, rate], 5, 30)).toBe('3 × 2 × 5 seeds = 30 runs')
    expect(gridWords([dropout, rate], 5, 25)).toBe('3 × 2 × 5 seeds = 30, 5 left out: 25 runs')
    expect(gridWords([dropout], 1, 3)).toBe('3 runs')
    expect(gridWords([], 1, 1)).toBe('1 run')
  })
})

describe('the cost of a grid', () => {
  const quick = withAssignments(spec, { 'data.trainImages': 1000, 'training.batchSize': 50 })
  const make = (set: Assignments) => withAssignments(quick, set)
  const probe: Probe = {
    stepTimes: [20],
    evaluationTime: 2,
    preparationTime: 500,
    peakMemory: 1,
    device: 'cpu',
    threads: 2,
  }
  const time = (of: typeof spec) => measuredTime(probe, planWorkload(of, mnistInfo), of.training.batchSize)

  it('probes each network and batch size once, whatever the rates and seeds are', () => {
    const specs = [
      make({ 'training.learningRate': 0.1 }),
      make({ 'training.seed': 4, 'model.dropout.rate': 0.2 }),
      make({ 'training.batchSize': 100 }),
      make({ 'model.widthMultiplier': 0.1 }),
    ]
    expect(probeGroups(specs).map(({ runs }) => runs)).toEqual([[0, 1], [2], [3]])
  })

  it('holds for runs of other lengths: as if each had been measured', () => {
    const specs = [make({ 'training.epochs': 2 }), make({ 'training.epochs': 9 }), make({ 'data.testImages': 10 })]
    const groups = probeGroups(specs)
    const cost = gridCost(specs, groups, new Map([[0, time(specs[0]!)]]), datasets)
    cost.perRun.forEach((one, index) => expect(one).toBeCloseTo(time(specs[index]!).run, 6))
    expect([cost.measured, cost.estimated]).toEqual([1, 0])
  })

  it('probes at most so many, spread over the multiply-accumulates, and estimates the others by them', () => {
    const specs = Array.from({ length: 12 }, (_, index) => make({ 'training.batchSize': 10 * (index + 1) }))
    const groups = probeGroups(specs)
    const chosen = chooseProbes(groups, 3)
    expect(chosen.map((index) => groups[index]!.spec.training.batchSize)).toEqual([10, 70, 120])
    const cost = gridCost(specs, groups, new Map([[chosen[0]!, time(specs[0]!)]]), datasets)
    expect([cost.measured, cost.estimated]).toEqual([1, 11])
    // Twice the batch takes twice the time a step and half the steps.
    const [one, two] = cost.perRun
    expect(two! / one!).toBeGreaterThan(0.9)
    expect(two! / one!).toBeLessThan(2.2)
  })

  it('is not known before anything was measured', () => {
    expect(gridCost([quick], probeGroups([quick]), new Map(), datasets)).toMatchObject({ time: null, perRun: [null] })
  })

  it.each([
    [4 * 3_600_000 + 10 * 60_000, '4 h 10 min'],
    [40_000, '40 s'],
    [12 * 60_000, '12 min'],
    [2 * 3_600_000, '2 h'],
    [60 * 3_600_000, '2 d 12 h'],
    [4319 * 60_000, '3 d'],
    [2879.5 * 60_000, '2 d'],
    [59_999, '1 min'],
    [59.7 * 60_000, '1 h'],
    [100, '1 s'],
  ])('%i ms is said as %s', (milliseconds, text) => {
    expect(hoursText(milliseconds)).toBe(text)
  })
})

describe('factors of runs', () => {
  const run = (id: string, set: Assignments) => ({ id, spec: withAssignments(spec, set) })

  it('are the fields that differ; those that only change together are one, the seed is none', () => {
    const runs = [
      run('a', {
        'training.learningRate': 0.1,
        'training.momentum': 0.5,
        'training.seed': 1,
        'model.activation': 'relu',
      }),
      run('b', {
        'training.learningRate': 0.01,
        'training.momentum': 0.9,
        'training.seed': 2,
        'model.activation': 'relu',
      }),
      run('c', {
        'training.learningRate': 0.1,
        'training.momentum': 0.5,
        'training.seed': 3,
        'model.activation': 'tanh',
      }),
    ]
    const { factors, levels } = factorsOfRuns(runs)
    const facts = factors.map(({ paths, numeric, levels: found }) => [paths, numeric, found.map(({ name }) => name)])
    expect(facts).toContainEqual([['training.learningRate', 'training.momentum'], true, ['0.01', '0.1']])
    expect(facts).toContainEqual([['model.activation'], false, ['relu', 'tanh']])
    expect(factors).toHaveLength(2)
    const byRate = factors.findIndex(({ id }) => id === 'training.learningRate')
    expect(levels.map((row) => row[byRate])).toEqual([1, 0, 1])
  })

  it('are no seed, no recipe and no version, which decide no number', () => {
    const from = (recipe: string, dropout: number) => ({
      id: recipe,
      spec: { ...setAtPath(spec, 'model.dropout.rate', dropout), recipe },
    })
    const { factors } = factorsOfRuns([from('one', 0.5), from('other', 0.123)])
    expect(factors.map(({ id, paths, numeric }) => [id, paths, numeric])).toEqual([
      ['model.dropout.rate', ['model.dropout.rate'], true],
    ])
  })

  it('of a stored grid are those that it was made from, by the cell of each run', () => {
    const variant: Factor = {
      id: 'variant',
      levels: [
        { name: 'plain', set: {} },
        { name: 'deep', set: { 'model.removed': [] } },
      ],
    }
    const grid = {
      id: 1,
      name: 'Mine',
      spec,
      createdAt: 1,
      factors: [variant, fieldFactor('training.epochs', [3]), rate],
      runs: [
        { runId: 'r1', cell: 0 },
        { runId: 'r2', cell: 3 },
      ],
    }
    const { factors, levels } = factorsOfGrid(grid, [run('r2', {}), run('r1', {})])
    expect(factors.map(({ id, numeric }) => [id, numeric])).toEqual([
      ['variant', false],
      ['training.learningRate', true],
    ])
    expect(levels).toEqual([
      [1, 1],
      [0, 0],
    ])
    expect(() => factorsOfGrid(grid, [run('r1', {}), run('stranger', {})])).toThrow(
      'The grid Mine has no cell for the run stranger.',
    )
  })
})

describe('the cell table', () => {
  const one = (levels: number[], value: number | null, state: 'finished' | 'queued' = 'finished') => ({
    id: `r${levels.join('')}${value}`,
    levels,
    value,
    state,
    progress: state === 'finished' ? 1 : 0,
  })
  const runs = [one([0, 0], 1), one([0, 0], 3), one([0, 1], 5), one([1, 0], null, 'queued'), one([1, 1], 7)]
  const rows = { factor: 0, size: 2 }

  it('has mean, spread and states per combination, and fills as runs finish', () => {
    const cells = cellTable({ runs, rows, columns: { factor: 1, size: 2 } })
    expect(cells.map(({ row, column, spread, progress }) => [row, column, spread?.mean ?? null, progress])).toEqual([
      [0, 0, 2, 1],
      [0, 1, 5, 1],
      [1, 0, null, 0],
      [1, 1, 7, 1],
    ])
    expect(cells[0]!.spread).toEqual({ count: 2, mean: 2, standardDeviation: Math.SQRT2 })
    expect(cells[2]!.states).toEqual([{ state: 'queued', count: 1 }])
    expect([bestCell(cells, true)!.spread!.mean, bestCell(cells, false)!.spread!.mean]).toEqual([7, 2])
  })

  it('takes the other factors together, or holds them at a level', () => {
    expect(cellTable({ runs, rows, columns: null }).map(({ spread }) => spread!.mean)).toEqual([3, 7])
    expect(cellTable({ runs, rows, columns: null, held: { 1: 1 } }).map(({ spread }) => spread!.mean)).toEqual([5, 7])
  })
})

it('sets a seed of its own for each run', () => {
  const cells = planCells({ ...request, factors: [] })
  expect(cells).toMatchObject([{ cell: 0, name: 'Mine', problem: null }])
  expect(planRuns(cells, (own) => [own, own + 1], 'cells-first').map((run) => run.spec)).toEqual([
    setAtPath(spec, 'training.seed', spec.training.seed),
    setAtPath(spec, 'training.seed', spec.training.seed + 1),
  ])
})
