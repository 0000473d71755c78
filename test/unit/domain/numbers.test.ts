import { describe, expect, it } from 'vitest'
import {
  hasBest,
  higherIsBetter,
  jsonNumber,
  metricDirection,
  kindOf,
  valueOf,
} from '../../../src-core/domain/metrics.ts'
import { deriveSeed, permutation, uniformGenerator } from '../../../src-core/domain/random.ts'
import { smoothSeries } from '../../../src-core/domain/statistics/series-smoothing.ts'

describe('stateless randomness', () => {
  it('gives the same seed for the same question and another for any other', () => {
    const seeds = [
      deriveSeed(1, 'shuffle', 0),
      deriveSeed(1, 'shuffle', 1),
      deriveSeed(2, 'shuffle', 0),
      deriveSeed(1, 'initialise/conv1/kernel', 0),
      deriveSeed(1, 'shuffle', 2 ** 32),
    ]
    expect(new Set(seeds).size).toBe(seeds.length)
    expect(deriveSeed(1, 'shuffle', 0)).toBe(seeds[0])
  })

  it('never gives 0, which tfjs takes for no seed, and stays within 31 bits', () => {
    const seeds = Array.from({ length: 20_000 }, (_, index) => deriveSeed(index, 'dropout', index))
    expect(seeds.every((seed) => seed > 0 && seed <= 0x7fffffff)).toBe(true)
    expect(new Set(seeds).size).toBeGreaterThan(19_990)
  })

  it('draws mulberry32, whose first numbers for seed 1 are known', () => {
    const random = uniformGenerator(1)
    expect([random(), random()]).toEqual([0.6270739405881613, 0.002735721180215478])
  })

  it('permutes without loss, and not in place', () => {
    const order = permutation(1000, 5)
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, index) => index))
    expect(order.filter((value, index) => value === index).length).toBeLessThan(10)
    expect(permutation(1000, 5)).toEqual(order)
    expect(permutation(1000, 6)).not.toEqual(order)
  })
})

describe('smoothing', () => {
  const smooth = (values: readonly number[], amount: number): number[] => [
    ...smoothSeries(values, values, { kind: 'ema', amount }).smoothed,
  ]

  it('leaves a constant series alone from its first value on', () => {
    expect(smooth([3, 3, 3], 0.9)).toEqual([3, 3, 3].map((value) => expect.closeTo(value, 12)))
  })

  it('follows the debiased recursion', () => {
    // By hand: 0.5 * 1 / 0.5 = 1; (0.25 + 0.5 * 2) / 0.75 = 1.6667
    expect(smooth([1, 2], 0.5)).toEqual([1, expect.closeTo(5 / 3, 12)])
  })

  it('passes NaN and infinities through without forgetting', () => {
    const smoothed = smooth([1, NaN, 1, Infinity, 1], 0.6)
    expect(smoothed.map((value) => Math.round(value * 1e9) / 1e9)).toEqual([1, NaN, 1, Infinity, 1])
  })

  it('does nothing at weight 0', () => {
    expect(smooth([1, 5, 2], 0)).toEqual([1, 5, 2])
  })
})

describe('values that are not finite', () => {
  it.each([1.5, 0, -0, NaN, Infinity, -Infinity])('%d survives storing', (value) => {
    const stored = Number.isFinite(value) ? value : null
    expect(valueOf(kindOf(value), stored)).toBe(value)
  })

  it('become words in JSON', () => {
    expect([1, NaN, -Infinity].map(jsonNumber)).toEqual([1, 'NaN', '-Infinity'])
  })

  it('knows which direction is better', () => {
    expect(['train/loss', 'validation/accuracy', 'test/top-1-error'].map(higherIsBetter)).toEqual([false, true, false])
    expect(['pretraining/conv1/error', 'system/images-per-second'].map(metricDirection)).toEqual(['lower', 'higher'])
    const neither = ['system/memory-mib', 'system/tensors', 'train/gradient-norm', 'train/learning-rate']
    expect(neither.map(metricDirection)).toEqual(neither.map(() => 'none'))
    expect([...neither, 'train/accuracy'].map(hasBest)).toEqual([false, false, false, false, true])
  })
})
