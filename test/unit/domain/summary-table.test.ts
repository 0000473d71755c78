import { describe, expect, it } from 'vitest'
import { SummaryTable } from '../../../src-core/domain/run-list/summary-table.ts'

describe('the summaries of metrics', () => {
  it('count in what is logged, and keep extremes free of what is not finite', () => {
    const table = new SummaryTable()
    ;[0.5, 0.2, NaN, 0.9, Infinity].forEach((value, index) => table.append('a', 'train/loss', index + 1, value))
    expect([table.value('a', 'train/loss', 'min'), table.step('a', 'train/loss', 'min')]).toEqual([0.2, 2])
    expect([table.value('a', 'train/loss', 'max'), table.step('a', 'train/loss', 'max')]).toEqual([0.9, 4])
    expect([table.value('a', 'train/loss', 'last'), table.step('a', 'train/loss', 'last')]).toEqual([Infinity, 5])
  })

  it('tell a value that is NaN from one that is not there', () => {
    const table = new SummaryTable()
    table.append('a', 'train/loss', 1, NaN)
    expect(table.value('a', 'train/loss', 'last')).toBeNaN()
    expect([table.value('a', 'train/loss', 'min'), table.value('b', 'train/loss', 'last')]).toEqual([null, null])
    expect(table.last('a')).toEqual({ 'train/loss': NaN })
    table.clear('a')
    expect(table.last('a')).toEqual({})
  })

  it('grow with the runs', () => {
    const table = new SummaryTable()
    for (let run = 0; run < 1000; run++) table.append(`r${run}`, 'm', 1, run)
    expect([table.value('r0', 'm', 'last'), table.value('r999', 'm', 'last')]).toEqual([0, 999])
  })
})
