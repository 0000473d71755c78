import { describe, expect, it } from 'vitest'
import { LiveSeries } from '../../../../src-renderer/lib/charts/live-series.ts'
import { runReadings } from '../../../../src-renderer/lib/compare/run-readings.ts'
import { noSmoothing } from '../../../../src-core/domain/statistics/series-smoothing.ts'

const metric = 'validation/accuracy'
const choice = { metric, reading: 'best' } as const

function series(values: readonly number[]): LiveSeries {
  const made = new LiveSeries(100, noSmoothing)
  const records = values.map((value, index) => ({
    ...{ step: index + 1, epoch: index, wallTime: index, activeTime: index },
    metrics: { [metric]: value },
  }))
  made.appendAll(records, metric)
  return made
}

describe('what runs came to', () => {
  it('is not told of any while the values of one are on their way', () => {
    expect(runReadings(['a', 'b'], choice, (id) => (id === 'a' ? series([0.5]) : null))).toBeNull()
  })

  it('is the chosen value, or that there is none', () => {
    const found = runReadings(['a', 'b'], choice, (id) => series(id === 'a' ? [0.5, 0.7, 0.6] : []))!
    expect(found.get('a')).toEqual({ value: 0.7, step: 2 })
    expect(found.get('b')).toEqual({ missing: 'has no validation accuracy' })
  })
})
