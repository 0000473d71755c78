import { describe, expect, it } from 'vitest'
import { keepsFilters, mostFilterSteps } from '../../../src-core/domain/inspection/filter-steps.ts'

function keptSteps(stepsPerEpoch: number, totalSteps: number): number[] {
  const all = Array.from({ length: totalSteps + 1 }, (_, step) => step)
  return all.filter((step) => keepsFilters(step, { stepsPerEpoch, totalSteps }))
}

describe('the steps after which a run keeps its first kernels', () => {
  it('are all of a short run', () => {
    expect(keptSteps(7, 14)).toEqual(Array.from({ length: 15 }, (_, step) => step))
  })

  it('are powers of two at first, then lie evenly, the end of each epoch among them', () => {
    const kept = keptSteps(844, 844 * 10)
    expect(kept.slice(0, 9)).toEqual([0, 1, 2, 4, 8, 16, 32, 64, 128])
    expect(Array.from({ length: 10 }, (_, epoch) => 844 * (epoch + 1)).every((end) => kept.includes(end))).toBe(true)
    // Four to an epoch of 844 steps.
    const even = kept.slice(8)
    const distances = even.slice(1).map((step, index) => step - even[index]!)
    expect([...new Set(distances.slice(1))]).toEqual([211])
  })

  it('are the ends of every second epoch of a run of ninety', () => {
    const kept = keptSteps(100, 9000)
    expect(kept.filter((step) => step % 200 === 0)).toHaveLength(46)
    expect(kept.filter((step) => step % 200 !== 0)).toEqual([1, 2, 4, 8, 16, 32, 64, 128])
  })

  it.each([
    [1, 1],
    [1, 200],
    [1000, 10],
    [1000, 1500],
    [937, 937 * 5],
    [3, 3 * 47],
    [5, 5 * 49],
    [20_018, 20_018 * 90 + 17],
    [131, 100_000],
  ])('are at most so many, first and last included (%d steps an epoch, %d in all)', (stepsPerEpoch, totalSteps) => {
    const kept = keptSteps(stepsPerEpoch, totalSteps)
    expect(kept.length).toBeLessThanOrEqual(mostFilterSteps)
    expect([kept[0], kept.at(-1)]).toEqual([0, totalSteps])
    expect(kept.length).toBeGreaterThanOrEqual(Math.min(totalSteps, 24) + 1)
  })
})
