import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { firstReached } from '../../../src-core/domain/schedule/goal.ts'
import { learningRateAt, sampleSchedule } from '../../../src-core/domain/schedule/learning-rate.ts'
import { frozenLayers, learnedLayerOf, learningRateFactor } from '../../../src-core/domain/schedule/transfer-plan.ts'
import {
  evaluationsWithoutImprovement,
  shouldStopEarly,
  type ValidationHistory,
} from '../../../src-core/domain/schedule/validation-history.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import { plainTraining, type Schedule } from '../../../src-core/domain/spec/training-spec.ts'

type Case = Partial<Schedule> & {
  learningRate: number
  stepsPerEpoch: number
  totalSteps: number
  rates: number[]
  errors?: number[]
}

/** Computed by PyTorch's schedulers; the file says which. */
const reference = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../fixtures/schedules.json'), 'utf8')) as {
  cases: Record<Schedule['kind'], Case>
}

function rates(changes: Partial<Schedule>, learningRate: number, stepsPerEpoch: number, totalSteps: number): number[] {
  const training = { learningRate, schedule: { ...plainTraining.schedule, ...changes } }
  return Array.from({ length: totalSteps }, (_, step) =>
    learningRateAt(training, { step, stepsPerEpoch, totalSteps, history: [] }),
  )
}

function historyOf(errors: readonly number[]): ValidationHistory {
  return errors.map((error, index) => ({ step: index + 1, loss: error, accuracy: 1 - error, top5Error: 0 }))
}

function expectClose(got: readonly number[], expected: readonly number[]): void {
  expect(got).toHaveLength(expected.length)
  got.forEach((rate, index) => expect(rate / expected[index]!, `step ${index}`).toBeCloseTo(1, 9))
}

describe('learning-rate schedules', () => {
  it.each(['one-cycle', 'cosine', 'step', 'exponential'] as const)('%s is PyTorch’s', (kind) => {
    const { rates: expected, learningRate, stepsPerEpoch, totalSteps, ...changes } = reference.cases[kind]
    expectClose(rates({ ...changes, kind }, learningRate, stepsPerEpoch, totalSteps), expected)
  })

  it('plateau is PyTorch’s, as far as its number of reductions goes', () => {
    const { rates: expected, errors, learningRate, factor, patience } = reference.cases.plateau
    const at = (reductions: number): number[] =>
      errors!.map((_, index) => {
        const schedule = {
          ...plainTraining.schedule,
          kind: 'plateau' as const,
          factor: factor!,
          patience: patience!,
          reductions,
        }
        const history = historyOf(errors!.slice(0, index + 1))
        return learningRateAt({ learningRate, schedule }, { step: 0, stepsPerEpoch: 1, totalSteps: 1, history })
      })
    expectClose(at(100), expected)
    expectClose(
      at(3),
      expected.map((rate) => Math.max(rate, learningRate * factor! ** 3)),
    )
  })

  it('has the epoch table of document 002', () => {
    const { training } = recipeSpec('scheduled-002')
    const perEpoch = sampleSchedule(training, { stepsPerEpoch: 1, totalSteps: 12 }, 12).map(
      (point) => point.learningRate,
    )
    expect(perEpoch).toEqual([5e-4, 5e-4, 2e-4, 2e-4, 2e-4, 5e-5, 5e-5, 5e-5, 5e-5, 1e-5, 1e-5, 1e-5])
  })

  it('warms up in equal parts before the schedule begins, whichever it is', () => {
    expectClose(rates({ kind: 'constant', warmupEpochs: 2 }, 0.1, 2, 6), [0.025, 0.05, 0.075, 0.1, 0.1, 0.1])
    const cosine = rates({ kind: 'cosine', warmupEpochs: 1 }, 0.1, 4, 24)
    expectClose(cosine.slice(4), rates({ kind: 'cosine' }, 0.1, 4, 20))
    expectClose(
      rates({ kind: 'step', warmupEpochs: 0.5, everyEpochs: 1, factor: 0.5 }, 1, 4, 8),
      [0.5, 1, 1, 1, 1, 1, 0.5, 0.5],
    )
  })

  it('never gives a rate that is not positive and finite, even in runs of one step', () => {
    for (const kind of ['constant', 'table', 'plateau', 'step', 'exponential', 'cosine', 'one-cycle'] as const) {
      for (const total of [1, 2, 3, 7]) {
        const all = rates({ kind, finalShare: 0.01 }, 0.1, 2, total)
        expect(
          all.every((rate) => Number.isFinite(rate) && rate > 0),
          `${kind} ${total}: ${all}`,
        ).toBe(true)
      }
    }
  })

  it('is drawn from first to last step with no more points than asked for', () => {
    const drawn = sampleSchedule(plainTraining, { stepsPerEpoch: 10, totalSteps: 1000 }, 50)
    expect([drawn.length, drawn[0]!.step, drawn.at(-1)!.step]).toEqual([50, 0, 999])
    expect(sampleSchedule(plainTraining, { stepsPerEpoch: 10, totalSteps: 1 }, 50)).toEqual([
      { step: 0, learningRate: 0.01 },
    ])
  })
})

describe('early stopping', () => {
  const stopping = { patience: 2, metric: 'validation/loss' as const, minimumChange: 0.05 }

  it('waits for as many evaluations without improvement as patience says', () => {
    expect(shouldStopEarly(stopping, historyOf([0.5, 0.4, 0.4]))).toBe(false)
    expect(shouldStopEarly(stopping, historyOf([0.5, 0.4, 0.4, 0.38]))).toBe(true)
    expect(shouldStopEarly(stopping, historyOf([0.5, 0.4, 0.4, 0.3]))).toBe(false)
  })

  it('never stops without patience, and counts a loss that is not finite as no improvement', () => {
    expect(shouldStopEarly({ ...stopping, patience: null }, historyOf([1, 1, 1, 1, 1]))).toBe(false)
    const broken = historyOf([0.5, 1, 1]).map((result, index) => (index === 0 ? result : { ...result, loss: null }))
    expect(shouldStopEarly(stopping, broken)).toBe(true)
  })

  it('takes the first finite value for an improvement', () => {
    expect(evaluationsWithoutImprovement([Infinity, Infinity, 3])).toBe(0)
  })
})

describe('transfer', () => {
  const learned = ['conv1', 'conv2', 'conv3', 'fc4', 'fc5']
  const transfer = { ...plainTraining.transfer, frozen: ['conv3', 'conv1', 'conv2'], unfreezeEvery: 2 }

  it('releases the topmost frozen layer every so many epochs', () => {
    const at = (epochs: number): string[] => frozenLayers(transfer, learned, epochs)
    expect([at(0), at(1), at(2), at(4), at(6), at(99)]).toEqual([
      ['conv1', 'conv2', 'conv3'],
      ['conv1', 'conv2', 'conv3'],
      ['conv1', 'conv2'],
      ['conv1'],
      [],
      [],
    ])
    expect(frozenLayers({ ...transfer, unfreezeEvery: null }, learned, 99)).toHaveLength(3)
  })

  it('gives lower layers lower rates, and normalisations that of their layer', () => {
    const factor = (layer: string): number => learningRateFactor({ ...transfer, layerFactor: 0.5 }, learned, layer)
    expect([factor('fc5'), factor('fc4'), factor('bn4'), factor('conv1')]).toEqual([1, 0.5, 0.5, 0.0625])
    expect(learnedLayerOf('gn2', learned)).toBe('conv2')
  })
})

describe('goals', () => {
  const points = [0.1, 0.9, 0.7, 0.8, NaN, 0.9].map((value, index) => ({ epoch: index / 2, value }))

  it('are reached where the trailing mean is', () => {
    expect(firstReached(points, 0.75, 1)).toBe(0.5)
    expect(firstReached(points, 0.75, 2)).toBe(1)
    expect(firstReached(points, 0.95, 2)).toBeNull()
    expect(firstReached([], 0.5, 3)).toBeNull()
  })
})
