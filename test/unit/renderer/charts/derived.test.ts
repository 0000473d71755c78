import { describe, expect, it } from 'vitest'
import { areTwins, whyNoTwins } from '../../../../src-core/domain/comparison/twins.ts'
import type { DrawnSeries } from '../../../../src-renderer/lib/charts/columns.ts'
import {
  differenceSeries,
  formulaSeries,
  groupSeries,
  raceSeries,
  spreadOf,
} from '../../../../src-renderer/lib/charts/derive/computed-series.ts'
import { ExpressionError, parseExpression } from '../../../../src-renderer/lib/charts/derive/expression.ts'
import { placedSeries, placesOf } from '../../../../src-renderer/lib/charts/places.ts'
import { csvOfLines } from '../../../../src-renderer/lib/charts/export/csv-chart.ts'
import { sampleSpec } from '../../../support/renderer/sample-runs.ts'

function at(steps: readonly number[], values: readonly number[]): DrawnSeries {
  const column = Float64Array.from(values)
  const step = Float64Array.from(steps)
  return {
    columns: {
      step,
      epoch: step.map((s) => s / 10),
      wallTime: step,
      activeTime: step,
      last: column,
      min: column,
      max: column,
    },
    length: steps.length,
    total: steps.length,
    bucket: 1,
    firstNonFinite: null,
  }
}

const known = ['train/loss', 'validation/loss', 'validation/accuracy', 'validation/top1-error']

function value(text: string, values: Record<string, number>): number {
  return parseExpression(text, known).evaluate((metric) => [values[metric]!], 1)[0]!
}

function problem(text: string): string {
  try {
    parseExpression(text, known)
  } catch (error) {
    if (error instanceof ExpressionError) return error.message
    throw error
  }
  return 'none'
}

describe('a formula', () => {
  it('has the rules of arithmetic', () => {
    const metrics = { 'train/loss': 6, 'validation/loss': 2, 'validation/accuracy': 0.9 }
    expect(value('1 - validation/accuracy', metrics)).toBeCloseTo(0.1)
    expect(value('train/loss / validation/loss', metrics)).toBe(3)
    expect(value('2 + train/loss * 2 ^ 3 - -1', metrics)).toBe(51)
    expect(value('(2 + train/loss) * 2', metrics)).toBe(16)
    expect(value('-train/loss ^ 2', metrics)).toBe(-36)
    expect(value('min(train/loss, validation/loss, 4) + max(1, train/loss)', metrics)).toBe(8)
    expect(value('log(exp(train/loss)) + log10(1e3) + sqrt(4) + abs(-1)', metrics)).toBeCloseTo(12)
  })

  it('has no value where there is none', () => {
    expect([
      value('log(0 * train/loss)', { 'train/loss': 1 }),
      value('1 / (train/loss - 1)', { 'train/loss': 1 }),
    ]).toEqual([NaN, NaN])
  })

  it('knows the metrics that it reads, each once', () => {
    expect(parseExpression('train/loss + train/loss', known).metrics).toEqual(['train/loss'])
    expect(parseExpression('validation/top1-error - 1', known).metrics).toEqual(['validation/top1-error'])
  })

  it('of one metric or formula, min and max go on through the run', () => {
    const values = (text: string): number[] => {
      const formula = parseExpression(text, known)
      return Array.from(formulaSeries(formula, () => at([1, 2, 3, 4], [3, NaN, 1, 2]))!.columns.last)
    }
    expect(values('min(train/loss)')).toEqual([3, 3, 1, 1])
    expect(values('max(1 - train/loss)')).toEqual([-2, -2, 0, 0])
  })

  it('of one metric, min and max miss no value, however few of them are drawn', () => {
    // Buckets of 50 logged values: each is drawn with its last value, and knows its smallest and largest.
    const drawn = at([50, 100, 150], [5, 6, 7])
    const loss = { ...drawn, columns: { ...drawn.columns, min: [4, 1, NaN], max: [9, 8, NaN] } }
    const found = (text: string, places: DrawnSeries = loss): number[] => {
      const series: Record<string, DrawnSeries> = { 'train/loss': loss, 'validation/loss': places }
      const formula = parseExpression(text, known)
      return Array.from(formulaSeries(formula, (metric) => series[metric]!)!.columns.last)
    }
    expect(found('min(train/loss)')).toEqual([4, 1, 1])
    expect(found('max((train/loss))')).toEqual([9, 9, 9])
    // At fewer places the values between them count too, and before the first value there is none.
    expect(found('min(train/loss) + 0 * validation/loss', at([20, 120], [1, 1]))).toEqual([NaN, 1])
  })

  it('says what is wrong with it', () => {
    expect(problem('')).toMatch(/Write a formula/)
    expect(problem('1 + 2')).toMatch(/at least one metric/)
    expect(problem('train/los')).toMatch(/no metric “train\/los”\. Did you mean train\/loss\?/)
    expect(problem('train/loss/validation/loss')).toMatch(/needs spaces around its sign/)
    expect(problem('train/loss +')).toBe('Expected a number or a metric at the end.')
    expect(problem('(train/loss')).toBe('Expected “)” at the end.')
    expect(problem('train/loss 2')).toMatch(/Expected an operator such as \+ before “2”/)
    expect(problem('sin(train/loss)')).toMatch(/There is no “sin”/)
    expect(problem('log(train/loss, 2)')).toBe('log takes one value.')
    expect(problem('train/loss ; 1')).toMatch(/“;” has no meaning/)
  })

  it('of metrics with different steps has its values at the fewer ones', () => {
    const series: Record<string, DrawnSeries> = {
      'train/loss': at([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]),
      'validation/loss': at([3, 6], [6, 3]),
    }
    const formula = parseExpression('train/loss / validation/loss', known)
    const found = formulaSeries(formula, (metric) => series[metric] ?? null)!
    expect([Array.from(found.columns.step), Array.from(found.columns.last)]).toEqual([
      [3, 6],
      [0.5, 2],
    ])
    expect(formulaSeries(formula, (metric) => (metric === 'train/loss' ? series[metric]! : null))).toBeNull()
  })
})

const bySteps = (series: DrawnSeries) => ({ series, places: series.columns.step, values: series.columns.last })

/** A run of so many milliseconds per step, whose value is the step. */
function timed(steps: readonly number[], millisecondsPerStep: number): DrawnSeries {
  const series = at(steps, steps)
  const time = Float64Array.from(steps, (step) => step * millisecondsPerStep)
  return { ...series, columns: { ...series.columns, activeTime: time, wallTime: time } }
}

describe('the runs of a group', () => {
  it('are averaged at equal places of the axis, which rise', () => {
    const facts = { origin: null, batchSize: 32, macsPerImage: 1 }
    const steps = Array.from({ length: 30 }, (_, index) => 50 * (index + 1))
    const members = [timed(steps, 10), timed(steps, 30)].map((series) => ({
      ...placedSeries(series, 'active', facts)!,
      values: series.columns.last,
    }))
    const group = groupSeries(members, 'none', 'active')!
    const { values, scale, shift } = placesOf(group, 'active', facts)
    expect([scale, shift, values[0], values[values.length - 1]]).toEqual([1, 0, 500, 45_000])
    for (let i = 1; i < group.length; i++) {
      expect(values[i]).toBeGreaterThan(values[i - 1]!)
      expect(group.columns.step[i]).toBeGreaterThanOrEqual(group.columns.step[i - 1]!)
    }
    // A step of one takes 10 ms, of the other 30 ms: after t ms they are at t / 10 and t / 30, while both train.
    const both = Array.from(values).flatMap((time, index) => (time >= 1500 && time <= 15_000 ? [index] : []))
    expect(both.length).toBeGreaterThan(20)
    for (const index of both) {
      expect(group.columns.last[index]).toBeCloseTo(values[index]! / 15)
      expect(group.columns.runs![index]).toBe(2)
    }
  })

  it('of different batch sizes are averaged where they have seen the same images', () => {
    const members = [32, 64].map((batchSize) => {
      const series = at([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4, 5, 6, 7, 8])
      const placed = placedSeries(series, 'images', { origin: null, batchSize, macsPerImage: 1 })!
      return { ...placed, values: series.columns.last }
    })
    const { columns, places } = groupSeries(members, 'range', 'images')!
    const at256 = Array.from(places!.values).indexOf(256)
    // 256 images are 8 steps of 32 and 4 steps of 64.
    expect([columns.min[at256], columns.last[at256], columns.max[at256]]).toEqual([4, 6, 8])
  })

  it('have a mean and a band, each place with the runs that have a value there', () => {
    const members = [at([1, 2, 3], [1, 2, 3]), at([1, 2], [3, 6])].map(bySteps)
    const { columns } = groupSeries(members, 'range', 'step')!
    expect(Array.from(columns.last)).toEqual([2, 4, 3])
    expect([Array.from(columns.min), Array.from(columns.max), Array.from(columns.runs!)]).toEqual([
      [1, 2, 3],
      [3, 6, 3],
      [2, 2, 1],
    ])
    expect(groupSeries([], 'range', 'step')).toBeNull()
  })

  it('have a mean where only some of them have values, at the beginning as at the end', () => {
    const members = [at([1, 2, 3, 4], [1, 1, 1, 1]), at([5, 6, 7, 8], [3, 3, 3, 3])].map(bySteps)
    const { columns } = groupSeries(members, 'range', 'step')!
    expect([Array.from(columns.step), Array.from(columns.last)]).toEqual([
      [1, 2, 3, 4, 5, 6, 7, 8],
      [1, 1, 1, 1, 3, 3, 3, 3],
    ])
  })

  it('spread by the sample: deviation, error and 95 % interval', () => {
    const values = [1, 2, 3, 4]
    const deviation = Math.sqrt(5 / 3)
    expect(spreadOf(values, 'deviation').high).toBeCloseTo(2.5 + deviation)
    expect(spreadOf(values, 'error').low).toBeCloseTo(2.5 - deviation / 2)
    // 3.18245 is the 97.5 % point of Student's t with 3 degrees of freedom.
    expect(spreadOf(values, 'interval').high).toBeCloseTo(2.5 + (3.18245 * deviation) / 2, 4)
    expect(spreadOf([7], 'interval')).toEqual({ mean: 7, low: 7, high: 7 })
  })

  it('have a band of no width where values differ by rounding alone', () => {
    const [a, b] = [0.9 - 0.8, 0.8 - 0.7]
    expect(a).not.toBe(b)
    const { mean, low, high } = spreadOf([a, b], 'interval')
    expect([low, high]).toEqual([mean, mean])
  })

  it('have bands that end where the metric does: an interval of two runs reaches far beyond', () => {
    const members = [at([1], [0.6]), at([1], [0.9])].map(bySteps)
    const [free, clipped] = [undefined, { min: 0, max: 1 }].map((limits) => {
      const { columns } = groupSeries(members, 'interval', 'step', limits)!
      return [columns.min[0]!, columns.last[0]!, columns.max[0]!]
    })
    expect([free![0]! < 0, free![2]! > 1]).toEqual([true, true])
    expect(clipped).toEqual([0, 0.75, 1])
  })

  // The 97.5 % point of Student's t by degrees of freedom, as in any textbook: n values have n - 1.
  it.each([
    [1, 12.7062],
    [2, 4.30265],
    [3, 3.18245],
    [4, 2.77645],
    [9, 2.26216],
    [29, 2.04523],
  ])('have intervals by the tables of Student: %i degrees of freedom', (degrees, point) => {
    const values = Array.from({ length: degrees + 1 }, (_, index) => index)
    const [band, error] = [spreadOf(values, 'interval'), spreadOf(values, 'error')]
    expect((band.high - band.mean) / (error.high - error.mean)).toBeCloseTo(point, 3)
  })
})

describe('paired and raced runs', () => {
  it('differ step by step', () => {
    const difference = differenceSeries(at([1, 2, 3], [5, 4, 3]), at([1, 2, 3], [1, 1, 1]))!
    expect(Array.from(difference.columns.last)).toEqual([4, 3, 2])
    expect(differenceSeries(at([], []), at([1], [1]))).toBeNull()
  })

  it('differ at the steps that both have, never across different ones', () => {
    const every = (steps: number, count: number): DrawnSeries => {
      const own = Array.from({ length: count }, (_, index) => steps * (index + 1))
      return at(own, own)
    }
    // Logged every 10 and every 7 steps, each value its step: where the steps are equal the difference is 0.
    const difference = differenceSeries(every(10, 14), every(7, 20))!
    expect([Array.from(difference.columns.step), Array.from(difference.columns.last)]).toEqual([
      [70, 140],
      [0, 0],
    ])
    // Places are those of the run, not of what is subtracted.
    expect(Array.from(differenceSeries(timed([10, 20], 3), timed([20], 9))!.columns.activeTime)).toEqual([60])
    expect(differenceSeries(at([1, 3], [1, 1]), at([2, 4], [1, 1]))).toBeNull()
  })

  it('race against the best that any of them had reached by then', () => {
    const [a, b] = [at([1, 2, 3], [0.5, 0.6, 0.55]), at([1, 2, 3], [0.4, 0.7, 0.8])]
    const gaps = (run: DrawnSeries, metric: string) =>
      Array.from(raceSeries(bySteps(run), [bySteps(a), bySteps(b)], metric)!.columns.last, (gap) =>
        Number(gap.toFixed(6)),
      )
    expect(gaps(a, 'validation/accuracy')).toEqual([0, 0.1, 0.2])
    expect(gaps(b, 'validation/accuracy')).toEqual([0.1, 0, 0])
    expect(gaps(b, 'validation/loss')).toEqual([0, 0, 0])
    expect(gaps(a, 'validation/loss')).toEqual([0.1, 0.1, 0.1])
  })
})

describe('twins', () => {
  const base = sampleSpec([])
  it('differ in the network and the optimiser, never in what a step sees', () => {
    expect(areTwins(base, sampleSpec(['model.normalization.kind=none', 'training.learningRate=0.1']))).toBe(true)
    expect(whyNoTwins(base, sampleSpec(['training.seed=99', 'training.batchSize=77']))).toEqual([
      'training.batchSize',
      'training.seed',
    ])
    expect(areTwins(base, sampleSpec(['data.trainImages=100']))).toBe(false)
    expect(areTwins(base, sampleSpec(['training.pretraining.kind=rbm']))).toBe(false)
  })
})

describe('a CSV file of drawn lines', () => {
  it('quotes names, disarms formulas, and keeps what is not finite', () => {
    const text = csvOfLines([
      { label: 'a "b", c', columns: at([1], [NaN]).columns },
      { label: '=cmd()', columns: at([2], [3]).columns },
    ])
    expect(text.split('\r\n')).toEqual([
      'line,step,epoch,wall_time_ms,active_time_ms,value',
      '"a ""b"", c",1,0.1,1,1,NaN',
      "'=cmd(),2,0.2,2,2,3",
      '',
    ])
  })
})
