import { describe, expect, it } from 'vitest'
import { mcnemar, wilson } from '../../../../src-core/domain/statistics/tests/counts.ts'
import { effectSize } from '../../../../src-core/domain/statistics/tests/effect-size.ts'
import { spreadOf } from '../../../../src-core/domain/statistics/spread.ts'
import { holm } from '../../../../src-core/domain/statistics/tests/holm.ts'
import { permutation, signFlip } from '../../../../src-core/domain/statistics/tests/permutation.ts'
import { pairsNeeded, seedsNeeded } from '../../../../src-core/domain/statistics/tests/seeds-needed.ts'
import { summary } from '../../../../src-core/domain/statistics/tests/summary.ts'
import { pairedT, welch } from '../../../../src-core/domain/statistics/tests/t-tests.ts'

/** Reference numbers are those of SciPy 1.17.1 and statsmodels 0.15.0, unless a line says otherwise. */
const a = [0.912, 0.921, 0.905, 0.918]
const b = [0.901, 0.899, 0.907, 0.893, 0.904]
const twinA = [0.91, 0.92, 0.93, 0.95]
const twinB = [0.9, 0.925, 0.915, 0.93]
const differences = twinA.map((value, index) => value - twinB[index]!)

const few = Array.from({ length: 20 }, (_, index) => Math.sin(index * 7) + 0.6)

describe('a spread', () => {
  it('has a mean, a deviation and a number of values; equal values have none', () => {
    expect(spreadOf([1, 2, 3, null, NaN])).toEqual({ count: 3, mean: 2, standardDeviation: 1 })
    expect(spreadOf([4])).toEqual({ count: 1, mean: 4, standardDeviation: null })
    expect(spreadOf([0.1, 0.1, 0.1])!.standardDeviation).toBe(0)
    expect(spreadOf([null, Infinity])).toBeNull()
  })
})

describe('summary', () => {
  it('agrees with scipy.stats.t', () => {
    const found = summary(a)
    expect(found.mean).toBeCloseTo(0.914, 12)
    expect(found.standardDeviation).toBeCloseTo(0.007071067811865482, 12)
    expect(found.standardError).toBeCloseTo(0.003535533905932741, 12)
    expect(found.interval![0]).toBeCloseTo(0.9027483531838593, 7)
    expect(found.interval![1]).toBeCloseTo(0.925251646816141, 7)
  })

  it('says null, never NaN, where something cannot be told', () => {
    const nothing = { mean: null, standardDeviation: null, standardError: null, interval: null }
    expect(summary([])).toEqual({ n: 0, ...nothing })
    expect(summary([NaN, Infinity])).toEqual({ n: 0, ...nothing })
    expect(summary([0.9])).toEqual({ n: 1, ...nothing, mean: 0.9 })
    expect(summary([0.1, NaN, 0.1, 0.1])).toMatchObject({ n: 3, standardDeviation: 0, standardError: 0 })
  })
})

describe('t-tests', () => {
  it("Welch's agrees with ttest_ind(equal_var=False)", () => {
    const found = welch(a, b)
    expect(found.t).toBeCloseTo(3.0992405798833818, 9)
    expect(found.degreesOfFreedom).toBeCloseTo(5.481062389510248, 9)
    expect(found.p).toBeCloseTo(0.023796501517876014, 7)
    expect(found.interval![0]).toBeCloseTo(0.002534420141306056, 7)
    expect(found.interval![1]).toBeCloseTo(0.023865579858694367, 7)
  })

  it('the paired one agrees with ttest_rel', () => {
    const found = pairedT(differences)
    expect(found.t).toBeCloseTo(1.8516401995451037, 9)
    expect(found.p).toBeCloseTo(0.16116184721351934, 7)
    expect(found.interval![0]).toBeCloseTo(-0.007187174409291522, 7)
    expect(found.interval![1]).toBeCloseTo(0.027187174409291484, 7)
  })

  it('keeps the size of a very small p', () => {
    // 2 * scipy.stats.t.sf(100, 10)
    const wide = welch([1000, 1001, 1002, 1003, 1004, 1005], [0, 1, 2, 3, 4, 5])
    expect(wide.p! > 0 && wide.p! < 1e-20).toBe(true)
  })

  it('does not test without spread or with one value', () => {
    const untested = { interval: null, t: null, degreesOfFreedom: null, p: null }
    expect(welch([0.5, 0.5], [0.25, 0.25])).toEqual({ difference: 0.25, ...untested })
    expect(welch([0.1, 0.1, 0.1], [0.1, 0.1, 0.1])).toEqual({ difference: 0, ...untested })
    expect(welch([0.5], [0.25, 0.5])).toEqual({ difference: 0.125, ...untested })
    expect(welch([NaN], [0.25, 0.5])).toEqual({ difference: null, ...untested })
    expect(pairedT([0.25, 0.25])).toEqual({ difference: 0.25, ...untested })
    expect(pairedT([])).toEqual({ difference: null, ...untested })
  })

  it('do not take rounding for spread, nor for a difference', () => {
    const untested = { interval: null, t: null, degreesOfFreedom: null, p: null }
    const rounded = [0.9 - 0.8, 0.8 - 0.7]
    expect(rounded[0]).not.toBe(rounded[1])
    expect(pairedT(rounded)).toEqual({ difference: expect.closeTo(0.1, 12), ...untested })
    expect(welch(rounded, [0.3, 0.1 + 0.2])).toEqual({ difference: expect.closeTo(-0.2, 12), ...untested })
    // The mean of three times 0.1 is 0.10000000000000002.
    expect(welch([0.1, 0.1, 0.1], [0.1, 0.1])).toEqual({ difference: 0, ...untested })
    // A difference of 1e-6 between values near 1 is off by more than 1e-12 of itself may be: their rounding counts.
    const [first, second] = [0.9 + 1e-6 - 0.9, 0.3 + 1e-6 - 0.3]
    expect(Math.abs(first - second)).toBeGreaterThan(1e-12 * first)
    expect(pairedT([first, second], 1e-12 * 0.9)).toMatchObject(untested)
    expect(pairsNeeded([first, second], 1e-12 * 0.9)).toBeNull()
    expect(signFlip([first, -second], 1, 1e-12 * 0.9).p).toBe(1)
    expect(effectSize(rounded, [0.3, 0.1 + 0.2])).toBeNull()
    // Accuracies in thousandths, half a point apart: whichever they are, their differences are equal.
    const halfPoints = Array.from({ length: 400 }, (_, index) => (index + 505) / 1000 - (index + 500) / 1000)
    expect(new Set(halfPoints).size).toBeGreaterThan(1)
    expect(pairedT(halfPoints)).toMatchObject(untested)
    expect(pairedT([0.1, 0.2, Infinity]).p).not.toBeNull()
  })
})

describe('permutation tests', () => {
  it('counts every division of few values', () => {
    // Counted with itertools.combinations: 3 of 126.
    expect(permutation(a, b, 1)).toEqual({ p: 3 / 126, exact: true, permutations: 126 })
    expect(signFlip(differences, 1)).toEqual({ p: 4 / 16, exact: true, permutations: 16 })
  })

  it('cannot fall below 2 of 20 with three against three', () => {
    expect(permutation([1, 2, 3], [11, 12, 13], 1).p).toBeCloseTo(0.1, 12)
  })

  it('draws from many, the same for the same seed, never 0', () => {
    const far = few.map((value) => value + 100)
    const found = permutation(few, far, 5)
    expect(found).toEqual({ p: 1 / 10_000, exact: false, permutations: 9999 })
    const near = few.map((value, index) => value + Math.cos(index))
    expect(permutation(few, near, 5)).toEqual(permutation(few, near, 5))
    expect(permutation(few, near, 5)).not.toEqual(permutation(few, near, 6))
    // Welch's p of the same values, which draws of this number meet to a hundredth.
    expect(permutation(few, near, 5).p).toBeCloseTo(welch(few, near).p!, 1)
    expect(signFlip(few, 5)).toMatchObject({ exact: false })
    expect(signFlip(few, 5).p).toBeCloseTo(pairedT(few).p!, 1)
  })

  it('equal values cannot be told apart', () => {
    expect(permutation([0.1, 0.1, 0.1], [0.1, 0.1], 1).p).toBe(1)
    expect(permutation([], [1], 1)).toEqual({ p: null, exact: true, permutations: 0 })
    expect(signFlip([NaN], 1).p).toBeNull()
    expect(signFlip([0, 0], 1).p).toBe(1)
  })
})

describe("Hedges' g", () => {
  it('agrees with its formula in NumPy', () => {
    const found = effectSize(a, b)!
    expect(found.g).toBeCloseTo(1.9134735412054125, 8)
    expect(found.interval[0]).toBeCloseTo(0.3291604976665321, 7)
    expect(found.interval[1]).toBeCloseTo(3.4977865847442926, 7)
  })

  it('needs two values each and a spread', () => {
    expect(effectSize([1], [1, 2])).toBeNull()
    expect(effectSize([1, 1], [2, 2])).toBeNull()
  })
})

describe('seeds needed', () => {
  /** Two values a standard deviation of 1 apart from their mean, moved: Cohen's d is the shift. */
  const unit = [-Math.SQRT1_2, Math.SQRT1_2]

  it.each([
    // TTestIndPower().solve_power(effect_size=d, alpha=.05, power=.8), rounded up
    [2, 6],
    [1, 17],
    [0.5, 64],
    [0.2, 394],
  ])('at an effect of %s they are %s per group', (effect, runs) => {
    const found = seedsNeeded(
      unit,
      unit.map((value) => value + effect),
    )!
    // Beyond 200 the normal approximation is one short of the t distribution.
    expect(Math.abs(found.perGroup - runs)).toBeLessThanOrEqual(effect < 0.3 ? 1 : 0)
    expect(found.further).toEqual([found.perGroup - 2, found.perGroup - 2])
  })

  it('takes unequal spreads as they are', () => {
    // Power from scipy.stats.nct with Welch's degrees of freedom, n counted up.
    expect(seedsNeeded(a, b)).toEqual({ perGroup: 5, further: [1, 0] })
    expect(seedsNeeded([0.9, 0.92, 0.94], [0.91, 0.915, 0.905])!.perGroup).toBe(36)
    expect(seedsNeeded([0.9, 0.92, 0.94], [0.921, 0.925, 0.932])!.perGroup).toBe(96)
    expect(pairsNeeded([0.01, 0.03, -0.01])).toEqual({ perGroup: 34, further: [31, 31] })
  })

  it('says nothing where nothing can be said', () => {
    expect(seedsNeeded([1], [1, 2])).toBeNull()
    expect(seedsNeeded([1, 2], [1, 2])).toBeNull()
    expect(seedsNeeded([1, 1], [2, 2])).toBeNull()
    expect(pairsNeeded([0.25, 0.25])).toBeNull()
  })
})

describe('counts of images', () => {
  it.each([
    // binomtest(b, b + c).pvalue
    [3, 9, 0.14599609375, true],
    [0, 5, 0.0625, true],
    [10, 14, 0.5412561893463135, true],
    [7, 7, 1, true],
    // statsmodels mcnemar(exact=False, correction=True)
    [30, 15, 0.036888425707049914, false],
    [40, 38, 0.9098500327472845, false],
    [0, 0, 1, true],
    [50, 50, 1, false],
  ])('McNemar of %i and %i', (onlyA, onlyB, p, exact) => {
    const found = mcnemar(onlyA, onlyB)
    expect(found.exact).toBe(exact)
    expect(found.p).toBeCloseTo(p, 8)
  })

  it.each([
    // binomtest(k, n).proportion_ci(method='wilson')
    [8, 10, 0.4901624715366418, 0.9433178485456248],
    [0, 20, 0, 0.16112515805281935],
    [981, 1000, 0.9705155440876868, 0.9878031142492091],
    [20, 20, 0.8388748419471808, 1],
  ])('Wilson of %i of %i', (correct, images, low, high) => {
    const found = wilson(correct, images)!
    expect(found[0]).toBeCloseTo(low, 9)
    expect(found[1]).toBeCloseTo(high, 9)
  })

  it('has no interval without images', () => expect(wilson(0, 0)).toBeNull())
})

describe('Holm', () => {
  it('agrees with statsmodels multipletests', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02])
  })

  it('leaves out what was not tested, and never exceeds 1', () => {
    expect(holm([null, 0.02, 0.9])).toEqual([null, 0.04, 0.9])
    expect(holm([0.9, 0.8])).toEqual([1, 1])
    expect(holm([])).toEqual([])
  })
})
