import { describe, expect, it } from 'vitest'
import {
  budgetText,
  cutSeries,
  largestCommonBudget,
  macsPerStep,
  spentBy,
  uncountableReason,
  valueWithin,
} from '../../../../src-core/domain/comparison/budget.ts'
import { raceSentence, rankAt, reigns, type Contestant } from '../../../../src-core/domain/comparison/race.ts'
import { choiceAmong, defaultReading } from '../../../../src-core/domain/comparison/default-choice.ts'
import { readSeries } from '../../../../src-core/domain/comparison/readings.ts'
import { planArchitecture } from '../../../../src-core/domain/network/architecture.ts'
import type { Run } from '../../../../src-core/domain/run.ts'
import { comparedRun, epochColumns } from '../../../support/compared-runs.ts'

const best = { metric: 'validation/accuracy', reading: 'best' } as const
const last = { metric: 'validation/accuracy', reading: 'last' } as const
const run = comparedRun([], { step: 48, epoch: 4, activeTime: 48_000 })
const curve = epochColumns([0.5, 0.8, 0.7, NaN])

describe('reading a series', () => {
  it('knows the best by the direction of the metric, and the last as it is', () => {
    expect(readSeries(curve, best)).toEqual({ value: 0.8, step: 24 })
    expect(readSeries(curve, { ...best, metric: 'validation/loss' })).toEqual({ value: 0.5, step: 12 })
    expect(readSeries(curve, last)).toEqual({ value: NaN, step: 48 })
    expect(readSeries(curve, last, 3)).toEqual({ value: 0.7, step: 36 })
    expect(readSeries(curve, best, 0)).toBeNull()
    expect(readSeries(epochColumns([NaN]), best)).toBeNull()
  })
})

describe('a network that cannot be laid out', () => {
  const { model } = run.spec
  const broken: Run = { ...run, spec: { ...run.spec, model: { ...model, removed: [99] } } }

  it('has spent nothing that is known of multiply-accumulates, and is told', () => {
    expect(() => planArchitecture(broken.spec.model)).toThrow()
    expect([spentBy(broken, 'macs'), spentBy(broken, 'steps')]).toEqual([0, 48])
    expect(uncountableReason(broken, 'macs')).toBe(
      'has a network that cannot be laid out, so that its multiply-accumulates are not known',
    )
    expect([uncountableReason(broken, 'steps'), uncountableReason(run, 'macs')]).toEqual([null, null])
  })
})

describe('the number that decides', () => {
  const metrics = ['system/memory-mib', 'test/accuracy', 'validation/accuracy']

  it('is the last of the test images, and of what has no best', () => {
    expect(metrics.map(defaultReading)).toEqual(['last', 'last', 'best'])
  })

  it('is what was chosen as long as the runs have it and it has a best', () => {
    const choice = (metric: string | null, reading: 'best' | 'last' | null) =>
      choiceAmong(metrics, { metric, reading }, 'validation/accuracy')
    expect(choice('test/accuracy', 'best')).toEqual({ metric: 'test/accuracy', reading: 'best' })
    expect(choice('test/accuracy', null).reading).toBe('last')
    expect(choice('test/loss', 'last')).toEqual({ metric: 'validation/accuracy', reading: 'best' })
    expect(choice(null, 'last').reading).toBe('best')
    expect(choice('system/memory-mib', 'best').reading).toBe('last')
  })
})

describe('a budget', () => {
  it('is spent in steps, epochs, images, time or multiply-accumulates', () => {
    expect(spentBy(run, 'steps')).toBe(48)
    expect(spentBy(run, 'epochs')).toBe(4)
    expect(spentBy(run, 'time')).toBe(48_000)
    expect(spentBy(run, 'images')).toBe(48 * run.spec.training.batchSize)
    const { conv, dense } = planArchitecture(run.spec.model).macs
    expect(macsPerStep(run.spec)).toBe(3 * (conv + dense) * run.spec.training.batchSize)
    expect(spentBy(run, 'macs')).toBe(48 * macsPerStep(run.spec))
    expect(largestCommonBudget([run, comparedRun()], 'epochs')).toBe(2)
    expect(largestCommonBudget([], 'epochs')).toBe(0)
  })

  it('cuts a run where it is used up, its end included', () => {
    const at = (
      kind: 'steps' | 'epochs' | 'images' | 'time' | 'macs',
      value: number,
      choice: typeof best | typeof last = last,
    ) => valueWithin(curve, run.spec, { kind, value }, choice)?.value ?? null
    expect(at('steps', 11)).toBeNull()
    expect(at('steps', 12)).toBe(0.5)
    expect(at('epochs', 2.99)).toBe(0.8)
    expect(at('epochs', 0.1 * 30)).toBe(0.7)
    expect(at('epochs', 3, best)).toBe(0.8)
    expect(at('images', 24 * run.spec.training.batchSize)).toBe(0.8)
    expect(at('images', 24 * run.spec.training.batchSize - 1)).toBe(0.5)
    expect(at('time', 36_500)).toBe(0.7)
    expect(at('macs', 24 * macsPerStep(run.spec))).toBe(0.8)
  })

  it('says which bucket it cuts through', () => {
    const budget = { kind: 'steps', value: 30 } as const
    expect(cutSeries(curve, 48, run.spec, budget)).toEqual({ count: 2, through: { fromStep: 25, toStep: 36 } })
    expect(cutSeries(curve, 4, run.spec, budget)).toEqual({ count: 2, through: null })
    expect(cutSeries(curve, 48, run.spec, { ...budget, value: 48 })).toEqual({ count: 4, through: null })
    expect(cutSeries(curve, 48, run.spec, { ...budget, value: 3 })).toMatchObject({
      through: { fromStep: 0, toStep: 12 },
    })
  })

  it.each([
    ['steps', 1200, '1,200 steps'],
    ['steps', 1, '1 step'],
    ['epochs', 2.5, '2.5 epochs'],
    ['images', 64_000, '64,000 images'],
    ['time', 4500, '4.5 s'],
    ['time', 90_000, '1 min 30 s'],
    ['time', 7_500_000, '2 h 05 min'],
    ['macs', 1.2345e12, '1.23 T multiply-accumulates'],
  ] as const)('of %s %s reads "%s"', (kind, value, text) => expect(budgetText({ kind, value })).toBe(text))
})

describe('ranking by budget', () => {
  const contestant = (key: string, values: readonly number[], changes: Partial<Run> = {}): Contestant => ({
    key,
    label: key.toUpperCase(),
    runs: [
      {
        run: comparedRun([], {
          step: values.length * 12,
          epoch: values.length,
          activeTime: values.length * 12_000,
          ...changes,
        }),
        columns: epochColumns(values),
      },
    ],
  })
  const quick = contestant('quick', [0.6, 0.7, 0.72, 0.73])
  const slow = contestant('slow', [0.3, 0.6, 0.8, 0.9])

  it('puts the better one first, and those that did not get so far last', () => {
    const early = rankAt([slow, quick], { kind: 'epochs', value: 2 }, best)
    expect(early.map(({ contestant: { key }, rank, value }) => [key, rank, value])).toEqual([
      ['quick', 1, 0.7],
      ['slow', 2, 0.6],
    ])
    const short = contestant('short', [0.95])
    const late = rankAt([short, quick, slow], { kind: 'epochs', value: 4 }, best)
    expect(late.map(({ contestant: { key }, rank, reached }) => [key, rank, reached])).toEqual([
      ['slow', 1, true],
      ['quick', 2, true],
      ['short', null, false],
    ])
  })

  it('shares a rank between equals, and does not rank what is not a number', () => {
    const same = contestant('same', [0.6])
    const broken = contestant('broken', [NaN])
    const found = rankAt([broken, quick, same], { kind: 'epochs', value: 1 }, last)
    expect(found.map(({ rank }) => rank)).toEqual([1, 1, null])
  })

  it('ranks nobody, and names no leader, by what has no better way', () => {
    const memory = { metric: 'system/memory-mib', reading: 'last' } as const
    expect(rankAt([quick, slow], { kind: 'epochs', value: 1 }, memory).map(({ rank }) => rank)).toEqual([null, null])
    expect(reigns([quick, slow], 'epochs', memory)).toEqual([])
  })

  it('ranks groups by their means', () => {
    const group = { key: 'group', label: 'Group', runs: [...quick.runs, ...slow.runs] }
    expect(rankAt([group], { kind: 'epochs', value: 1 }, best)[0]!.value).toBeCloseTo(0.45, 12)
  })

  it('says when the winner changes with the budget', () => {
    const found = reigns([quick, slow], 'epochs', best)
    expect(found).toEqual([
      { key: 'quick', from: 1, to: 3 },
      { key: 'slow', from: 3, to: 4 },
    ])
    expect(raceSentence(found, [quick, slow], 'epochs')).toBe(
      'The winner changes with the budget: QUICK leads up to 3 epochs, then SLOW up to 4 epochs.',
    )
  })

  it('says when it does not, or changes often', () => {
    const worse = contestant('worse', [0.1, 0.2, 0.3, 0.4])
    expect(raceSentence(reigns([quick, worse], 'steps', best), [quick, worse], 'steps')).toBe(
      'The winner is the same at every budget up to 48 steps: QUICK.',
    )
    const restless = contestant('restless', [0.5, 0.75, 0.5, 0.9])
    expect(raceSentence(reigns([quick, restless], 'epochs', last), [quick, restless], 'epochs')).toBe(
      'The winner changes 3 times with the budget: RESTLESS leads at 4 epochs.',
    )
    expect(raceSentence([], [quick, slow], 'epochs')).toBe('')
  })

  it('ends where the first of them ends', () => {
    expect(reigns([quick, contestant('short', [0.1, 0.95])], 'epochs', best).at(-1)).toEqual({
      key: 'short',
      from: 2,
      to: 2,
    })
  })

  it('counts a slower run by its time', () => {
    const heavy: Contestant = {
      ...slow,
      runs: [
        { run: { ...slow.runs[0]!.run, activeTime: 96_000 }, columns: epochColumns([0.65, 0.8, 0.9, 0.95], 12, 2) },
      ],
    }
    expect(reigns([quick, heavy], 'steps', best).map(({ key }) => key)).toEqual(['slow'])
    expect(reigns([quick, heavy], 'time', best).map(({ key }) => key)).toEqual(['quick', 'slow'])
  })
})
