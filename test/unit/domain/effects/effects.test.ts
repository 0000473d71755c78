import { describe, expect, it } from 'vitest'
import { dominatedCells, type RunCurve } from '../../../../src-core/domain/comparison/effects/dominated.ts'
import { importance } from '../../../../src-core/domain/comparison/effects/importance.ts'
import { mainEffect } from '../../../../src-core/domain/comparison/effects/main-effects.ts'
import type { Observation } from '../../../../src-core/domain/comparison/effects/observations.ts'
import { rankCorrelation } from '../../../../src-core/domain/comparison/effects/rank-correlation.ts'
import { criticalT } from '../../../../src-core/domain/statistics/tests/distributions.ts'

/** A full grid from a function of its levels, each cell with these deviations of its seeds. */
function grid(
  sizes: readonly number[],
  of: (levels: number[]) => number,
  seeds: readonly number[] = [0],
): Observation[] {
  const cells = sizes.reduce<number[][]>(
    (all, size) => all.flatMap((levels) => Array.from({ length: size }, (_, level) => [...levels, level])),
    [[]],
  )
  return cells.flatMap((levels) => seeds.map((deviation) => ({ levels, value: of(levels) + deviation })))
}

describe('Student’s t', () => {
  // A table of the distribution, as in any textbook.
  it.each([
    [1, 12.7062],
    [2, 4.30265],
    [3, 3.18245],
    [4, 2.77645],
    [5, 2.57058],
    [10, 2.22814],
    [30, 2.04227],
    [120, 1.97993],
  ])('with %i degrees of freedom has its 97.5 %% point at %f', (freedom, point) => {
    expect(criticalT(freedom)).toBeCloseTo(point, 3)
  })
})

describe('main effects', () => {
  it('are the mean per level with an interval over its runs', () => {
    // Level 0: 1, 2, 3, 4: mean 2.5, deviation 1.29099, standard error 0.645497, t(3) = 3.18245: 2.05427 to each side.
    const runs = [1, 2, 3, 4].map((value) => ({ levels: [0, value % 2], value }))
    const [first, second] = mainEffect([...runs, { levels: [2, 0], value: 7 }], 0, 3)
    expect(first).toMatchObject({ level: 0, count: 4, mean: 2.5 })
    expect(first!.interval![0]).toBeCloseTo(2.5 - 2.05427, 3)
    expect(first!.interval![1]).toBeCloseTo(2.5 + 2.05427, 3)
    expect(second).toEqual({ level: 2, count: 1, mean: 7, interval: null })
  })
})

describe('importance', () => {
  it('splits the variance of a full grid exactly: 1, 2 / 3, 8 has 7.25 = 4 + 2.25 + 1', () => {
    const values = [
      [1, 2],
      [3, 8],
    ]
    const found = importance(
      grid([2, 2], ([row, column]) => values[row!]![column!]!),
      [2, 2],
    )!
    const [rows, columns, both] = found.shares.map(({ share }) => share)
    expect(rows).toBeCloseTo(4 / 7.25, 12)
    expect(columns).toBeCloseTo(2.25 / 7.25, 12)
    expect(both).toBeCloseTo(1 / 7.25, 12)
    expect([found.exact, found.seeds, found.within, found.cells, found.runs]).toEqual([true, null, null, 4, 4])
    expect(found.rest).toBeCloseTo(0, 12)
  })

  it('leaves to the rest what only three factors together make', () => {
    // The parity of three bits: no single factor and no pair says anything.
    const found = importance(
      grid([2, 2, 2], (levels) => levels.reduce((sum, level) => sum + level, 0) % 2),
      [2, 2, 2],
    )!
    expect(found.shares.map(({ share }) => share)).toEqual(Array(6).fill(0))
    expect(found.rest).toBe(1)
  })

  it('weighs a factor of no effect with nothing, leaves to the seeds what they make, and tells how much of the rest they could', () => {
    // Cells at 0 and 4 (variance 4), runs 1 from them (1): four fifths. The seeds' variance is 2, of a cell's mean 1: a quarter.
    const found = importance(
      grid([2, 3], ([first]) => first! * 4, [-1, 1]),
      [2, 3],
    )!
    expect(found.shares.map(({ share }) => share)).toEqual([0.8, 0, 0])
    expect(found.within).toBeCloseTo(0.2, 12)
    expect(found.rest).toBeCloseTo(0, 12)
    expect(found.seeds).toBeCloseTo(0.25, 12)
  })

  it('does not let a single factor explain everything: eta squared of 1 3 / 4 6 / 8 8 is 36 of 40', () => {
    const runs = [1, 3, 4, 6, 8, 8].map((value, index) => ({ levels: [index >> 1], value }))
    // Means 2, 5, 8 about 5: 9 + 0 + 9, twice for two runs each: 36 between, 1 + 1 + 1 + 1 within.
    const found = importance(runs, [3])!
    expect(found.shares).toEqual([{ factors: [0], share: expect.closeTo(0.9, 12) }])
    expect(found.within).toBeCloseTo(0.1, 12)
  })

  it('says that it is approximate where a combination has no runs, and nothing of a grid that does not vary', () => {
    const whole = grid([2, 3], ([row, column]) => row! + column! ** 2)
    expect(importance(whole.slice(1), [2, 3])!.exact).toBe(false)
    expect(
      importance(
        grid([2, 2], () => 3),
        [2, 2],
      ),
    ).toBeNull()
    expect(importance([], [2])).toBeNull()
  })

  it('does not explain rounding: all at chance is no variance', () => {
    // The mean of six times 0.1 is not 0.1.
    const chance = grid([2, 3], () => 0.1)
    expect(chance.reduce((sum, { value }) => sum + value, 0) / 6).not.toBe(0.1)
    expect(importance(chance, [2, 3])).toBeNull()
    const seeds = grid([2, 3], () => 0.1, [0.01, -0.02, 0.005])
    expect(importance(seeds, [2, 3])).toBeNull()
  })
})

describe('the rank correlation', () => {
  it('is that of the textbook: intelligence and hours of television, -29 / 165', () => {
    const intelligence = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110]
    const hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]
    expect(rankCorrelation(intelligence, hours)).toBeCloseTo(-29 / 165, 12)
  })

  it('shares the rank of equal values, and needs three pairs that vary', () => {
    // Ranks 1.5 1.5 3.5 3.5 against 1 2 3 4: 4 / sqrt(4 * 5).
    expect(rankCorrelation([1, 1, 2, 2], [10, 20, 30, 40])).toBeCloseTo(4 / Math.sqrt(20), 12)
    expect(rankCorrelation([1, 2], [1, 2])).toBeNull()
    expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toBeNull()
  })
})

describe('dominated cells', () => {
  const curve = (runId: string, values: readonly number[], stoppable = true): RunCurve => ({
    runId,
    steps: values.map((_, index) => (index + 1) * 10),
    values,
    stoppable,
    ended: !stoppable,
  })
  // At step 20: mean 0.9, deviation 0.0141421, t(1) = 12.7062: 0.127062 to each side.
  const best = { cell: 0, runs: [curve('a', [0.5, 0.89, 0.99], false), curve('b', [0.5, 0.91, 0.99], false)] }
  const behind = { cell: 1, runs: [curve('c', [0.4, 0.7]), curve('d', [0.4, NaN], false)] }
  const question = { cells: [best, behind], higher: true, margin: 0 }

  it('are compared at the step that they have reached, with the worse edge of the best', () => {
    const [found, ...others] = dominatedCells({ ...question, margin: 0.05 })
    expect(others).toEqual([])
    expect(found).toMatchObject({ cell: 1, step: 20, runIds: ['c'] })
    // The last finite value counts for the run that is NaN there.
    expect(found!.mean).toBeCloseTo(0.55, 12)
    expect(found!.best.edge).toBeCloseTo(0.9 - 0.127062, 4)
  })

  it('are not named within the margin, without a second seed of the best, or when nothing can be stopped', () => {
    expect(dominatedCells({ ...question, margin: 0.3 })).toEqual([])
    expect(dominatedCells({ ...question, cells: [{ ...best, runs: best.runs.slice(1) }, behind] })).toEqual([])
    expect(dominatedCells({ ...question, cells: [best, { ...behind, runs: behind.runs.slice(1) }] })).toEqual([])
  })

  it('are not the leader because one of its runs has just begun', () => {
    const long = (runId: string, value: number, ended: boolean): RunCurve => ({
      ...curve(runId, Array(100).fill(value), !ended),
    })
    const leader = { cell: 0, runs: [long('a', 0.95, true), curve('b', [0.1])] }
    const others = { cell: 1, runs: ['c', 'd', 'e'].map((id, seed) => long(id, 0.88 + seed / 1000, true)) }
    expect(dominatedCells({ cells: [leader, others], higher: true, margin: 0 })).toEqual([])
    // What counts is told by the run that got as far, whichever way it points.
    const lost = { ...leader, runs: [long('a', 0.5, true), curve('b', [0.9])] }
    const [found] = dominatedCells({ cells: [lost, others], higher: true, margin: 0 })
    expect(found).toMatchObject({ cell: 0, step: 1000, mean: 0.5, runIds: ['b'] })
  })

  it('measure the best by the runs that got as far or ended early', () => {
    const started = { cell: 0, runs: [...best.runs, curve('late', [0.1])] }
    const slow = { cell: 1, runs: [curve('c', [0.4, 0.4])] }
    const [found] = dominatedCells({ cells: [started, slow], higher: true, margin: 0 })
    expect(found!.best.mean).toBeCloseTo(0.9, 12)
    const early = { cell: 0, runs: [curve('a', [0.9], false), curve('b', [0.91], false)] }
    const further = dominatedCells({ cells: [early, slow], higher: true, margin: 0 })
    expect(further).toMatchObject([{ cell: 1, step: 20, best: { mean: expect.closeTo(0.905, 12) } }])
  })

  it('are those with the larger value where less is better', () => {
    expect(dominatedCells({ ...question, higher: false })).toEqual([])
    const loss = { cell: 1, runs: [curve('c', [3, 3])] }
    expect(dominatedCells({ cells: [best, loss], higher: false, margin: 0 }).map(({ cell }) => cell)).toEqual([1])
  })
})
