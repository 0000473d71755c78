import { describe, expect, it } from 'vitest'
import {
  axisScale,
  brushAfterKey,
  canBeLogarithmic,
  inBrushes,
  withMoved,
  type Dimension,
} from '../../../../src-renderer/lib/grid/axes.ts'
import { cellsInQueue, movesForCell } from '../../../../src-renderer/lib/grid/queue-order.ts'
import { curveOf, measured } from '../../../../src-renderer/lib/grid/run-curves.ts'

const numbers = (values: (number | null)[]): Dimension => ({
  id: 'x',
  title: 'X',
  levels: null,
  values,
  format: String,
})

describe('an axis', () => {
  it('places numbers linearly or by their logarithm, and has no place for what is not finite', () => {
    const rates = numbers([0.001, 0.01, 0.1, null, NaN])
    expect(axisScale(rates, true).place(0.01)).toBeCloseTo(0.5, 12)
    expect(axisScale(rates, false).place(0.01)).toBeCloseTo(1 / 11, 12)
    expect([null, NaN, Infinity].map(axisScale(rates, true).place)).toEqual([null, null, null])
    expect(axisScale(rates, true).ticks.map(({ text }) => text)).toEqual(['0.001', '0.01', '0.1'])
  })

  it('is not logarithmic where a value is not above 0, and puts a single value in the middle', () => {
    expect(canBeLogarithmic(numbers([0, 1]))).toBe(false)
    expect(axisScale(numbers([0, 1]), true).logarithmic).toBe(false)
    expect(axisScale(numbers([3, 3]), false).place(3)).toBe(0.5)
    expect(axisScale(numbers([null]), false)).toMatchObject({ ticks: [] })
  })

  it('spreads levels evenly', () => {
    const scale = axisScale({ ...numbers([0, 1, 2]), levels: ['relu', 'tanh', 'gelu'] }, true)
    expect(scale.ticks.map(({ at, text }) => [at, text])).toEqual([
      [0, 'relu'],
      [0.5, 'tanh'],
      [1, 'gelu'],
    ])
  })

  it('moves to another place', () => {
    expect(withMoved(['a', 'b', 'c'], 'a', 2)).toEqual(['b', 'c', 'a'])
    expect(withMoved(['a', 'b', 'c'], 'c', -1)).toEqual(['c', 'a', 'b'])
    expect(withMoved(['a', 'b', 'c'], 'b', 9)).toEqual(['a', 'c', 'b'])
  })
})

describe('brushes', () => {
  it('let through what is in any of them, ends included, and everything when there is none', () => {
    const brushes = [
      { from: 0, to: 0.2 },
      { from: 0.8, to: 1 },
    ]
    expect([0, 0.2, 0.5, 0.8, null].map((place) => inBrushes(place, brushes))).toEqual([true, true, false, true, false])
    expect(inBrushes(null, [])).toBe(true)
  })

  it('are set, moved, widened and cleared by keys', () => {
    const set = brushAfterKey([], 'Enter', false)!
    expect(set).toEqual([{ from: 0.5, to: 1 }])
    const [lower] = brushAfterKey(set, 'ArrowDown', false)!
    expect(lower!.from).toBeCloseTo(0.45, 12)
    expect(lower!.to).toBeCloseTo(0.95, 12)
    // At the end of the axis it stays as wide as it is.
    expect(brushAfterKey(set, 'ArrowUp', false)).toEqual(set)
    expect(brushAfterKey(set, 'ArrowDown', true)![0]).toEqual({ from: 0.5, to: 0.95 })
    expect(brushAfterKey(set, 'Delete', false)).toEqual([])
    expect(brushAfterKey(set, 'Enter', false)).toEqual([])
    expect([brushAfterKey([], 'ArrowUp', false), brushAfterKey(set, 'Tab', false)]).toEqual([null, null])
  })
})

describe('the queue of cells', () => {
  const run = (id: string, queuePosition: number | null) => ({ id, queuePosition })
  // Places 0 to 5; place 2 belongs to a run of another origin.
  const cells = [[run('a1', 0), run('a2', 4)], [run('b1', 1), run('b2', 5)], [run('c1', 3)], [run('done', null)]]
  const after = (moved: number, before: number | null): string[] => {
    const queue = ['a1', 'b1', 'other', 'c1', 'a2', 'b2']
    for (const { runId, position } of movesForCell([...queue], cells, moved, before)) {
      queue.splice(queue.indexOf(runId), 1)
      queue.splice(position, 0, runId)
    }
    return queue
  }

  it('is in the order of their first waiting runs', () => {
    expect(cellsInQueue(cells)).toEqual([0, 1, 2])
  })

  it('moves all waiting runs of a cell before another cell, and leaves other runs their turn', () => {
    expect(after(2, 0)).toEqual(['c1', 'a1', 'other', 'b1', 'a2', 'b2'])
    expect(after(1, 0)).toEqual(['b1', 'b2', 'other', 'a1', 'c1', 'a2'])
    expect(after(0, null)).toEqual(['b1', 'c1', 'other', 'b2', 'a1', 'a2'])
  })

  it('moves nothing that is in its place', () => {
    expect(movesForCell(['a', 'b'], [[run('a', 0)], [run('b', 1)]], 0, 1)).toEqual([])
  })
})

describe('what a run came to', () => {
  const curve = curveOf({
    step: [1, 2, 3],
    last: Float64Array.of(0.5, NaN, 0.6),
    min: [0.2, NaN, 0.6],
    max: [0.7, NaN, 0.9],
  })

  it('is the best in the metric’s direction, the last, or an extreme; nothing without values', () => {
    expect(measured(curve, 'validation/accuracy', 'best')).toBe(0.9)
    expect(measured(curve, 'validation/loss', 'best')).toBe(0.2)
    expect(measured(curve, 'validation/loss', 'last')).toBe(0.6)
    expect([measured(curve, 'validation/loss', 'max'), measured(curve, 'validation/accuracy', 'min')]).toEqual([
      0.9, 0.2,
    ])
    // Of memory the smallest is no better than the largest.
    expect(measured(curve, 'system/memory-mib', 'best')).toBe(0.6)
    expect(measured(undefined, 'm', 'best')).toBeNull()
    expect(measured(curveOf({ step: [], last: [], min: [], max: [] }), 'm', 'last')).toBeNull()
  })
})
