import { describe, expect, it } from 'vitest'
import type { StepRecord } from '../../../src-core/domain/metrics.ts'
import { niceCeil, steppedEnd, steppedLogRange, steppedRange } from '../../../src-renderer/lib/charts/axis.ts'
import { columnNames, type DrawnSeries, type SeriesColumns } from '../../../src-core/domain/statistics/drawn-series.ts'
import { noSmoothing, type Smoothing } from '../../../src-core/domain/statistics/series-smoothing.ts'
import { LiveSeries } from '../../../src-renderer/lib/charts/live-series.ts'
import { drawnSeries } from '../../support/drawn-series.ts'
import { dashCount, paletteSize, runColor, runDash } from '../../../src-renderer/lib/charts/run-colors.ts'

const metric = 'train/loss'

function record(step: number, value: number): StepRecord {
  return { step, epoch: step / 10, wallTime: 1_000 + step * 100, activeTime: step * 90, metrics: { [metric]: value } }
}

function grown(values: readonly number[], maxPoints = 1_000, smoothing: Smoothing = noSmoothing): LiveSeries {
  const series = new LiveSeries(maxPoints, smoothing)
  values.forEach((value, index) => series.append(record(index + 1, value), metric))
  return series
}

describe('axes grow in steps', () => {
  it('an end stays until it is passed, then goes to a round number', () => {
    expect([niceCeil(3_265), niceCeil(0.0123), niceCeil(100)]).toEqual([4_000, 0.015, 100])
    expect(steppedEnd(4_000, 3_999)).toBe(4_000)
    expect(steppedEnd(4_000, 4_001)).toBe(5_000)
  })

  it('a range stays while it serves, and never passes its limits', () => {
    const share = { min: 0, max: 1 }
    const first = steppedRange(null, { min: 0.1, max: 0.97 }, share)
    expect(first).toEqual({ min: 0, max: 1, step: 0.25 })
    expect(steppedRange(first, { min: 0.3, max: 0.98 }, share)).toBe(first)
    expect(steppedRange(first, { min: 0.9, max: 0.98 }, share)).not.toBe(first)
    expect(steppedRange(null, { min: -0.2, max: 1.3 }, share)).toMatchObject(share)
    expect(steppedRange(null, { min: -0.97, max: 0.3 }, { min: -1, max: 1 }).min).toBe(-1)
  })

  it('a constant gets a range around it even when smoothing has left it rounding errors', () => {
    const range = steppedRange(null, { min: 0.3 - 5e-17, max: 0.3 })
    expect([range.min < 0.3, range.max > 0.3, range.step]).toEqual([true, true, 0.1])
  })

  it('a logarithmic range starts at a decade', () => {
    expect(steppedLogRange(null, { min: 0.023, max: 2.9 })).toMatchObject({ min: 0.01, max: 4 })
  })
})

describe('a live series', () => {
  it('ignores records that history already held', () => {
    const series = new LiveSeries(100)
    const points = [1, 2].map((step) => ({ ...record(step, 1), last: 1, min: 1, max: 1 }))
    series.load(drawnSeries('r', metric, points))
    expect([series.append(record(2, 9), metric), series.append(record(3, 9), metric)]).toEqual([false, true])
    expect([series.length, series.total, series.cursor]).toEqual([3, 3, 3])
  })

  it('merges neighbours when it has grown too long, and loses no extreme', () => {
    const values = Array.from({ length: 1_000 }, (_, index) => (index === 501 ? 99 : index === 700 ? -99 : 1))
    const series = grown(values, 50)
    expect(series.length).toBeLessThanOrEqual(101)
    expect([series.total, series.bucket, series.cursor]).toEqual([1_000, 16, 1_000])
    expect([Math.max(...series.columns.max), Math.min(...series.columns.min)]).toEqual([99, -99])
    expect(series.columns.step).toEqual([...series.columns.step].sort((a, b) => a - b))
  })

  it('goes on filling buckets of the size that history came in', () => {
    const series = new LiveSeries(100)
    const points = [4, 8].map((step) => ({ ...record(step, 1), last: 1, min: 0, max: 2 }))
    series.load(drawnSeries('r', metric, points, 8))
    for (let step = 9; step <= 12; step++) series.append(record(step, step), metric)
    expect([series.length, series.bucket, series.columns.min.at(-1), series.columns.max.at(-1)]).toEqual([3, 4, 9, 12])
  })

  it('remembers where it diverged and keeps extremes finite', () => {
    const series = grown([1, 2, NaN, Infinity])
    expect([series.firstNonFinite, series.columns.min[2], series.columns.last[3]]).toEqual([3, NaN, Infinity])
  })

  it('knows where it diverged inside of a bucket that came with the history', () => {
    const series = new LiveSeries(100)
    const points = [4, 8].map((step) => ({ ...record(step, 1), last: 1, min: 0, max: 2 }))
    series.load({ ...drawnSeries('r', metric, points, 8), firstNonFinite: 6 })
    series.append(record(9, NaN), metric)
    expect(series.firstNonFinite).toBe(6)
  })
})

describe('a series that grows', () => {
  const kinds: Smoothing[] = [
    noSmoothing,
    { kind: 'ema', amount: 0.9 },
    { kind: 'time-weighted', amount: 0.9 },
    { kind: 'running-mean', amount: 30 },
    { kind: 'gaussian', amount: 6 },
  ]

  it.each(kinds)('is the series that a new fetch would give: $kind', (smoothing) => {
    const values = Array.from({ length: 700 }, (_, i) => Math.sin(i / 9) + (i % 13) / 10)
    const records = values.map((value, i) => ({ ...record(i + 1, value), last: value, min: value, max: value }))
    for (const size of [1, 4]) {
      const fetched = (length: number): DrawnSeries => {
        const whole = drawnSeries('r', metric, records.slice(0, length), length, smoothing)
        const ends = records.slice(0, length).flatMap((_, i) => ((i + 1) % size === 0 || i === length - 1 ? [i] : []))
        const columns = Object.fromEntries(
          columnNames.map((name) => [name, Float64Array.from(ends, (end) => whole.columns[name][end]!)]),
        ) as SeriesColumns
        return { ...whole, columns, bucket: size }
      }
      const series = new LiveSeries(5_000, smoothing)
      series.load(fetched(301))
      for (const one of records.slice(301)) series.append(one, metric)
      const { columns } = fetched(values.length)
      expect(series.columns.step).toEqual([...columns.step])
      series.columns.smoothed.forEach((value, i) => expect(value).toBeCloseTo(columns.smoothed[i]!, 9))
    }
  })
})

describe('run colours', () => {
  it('never repeat silently: beyond the palette the pattern changes', () => {
    const looks = Array.from(
      { length: dashCount * paletteSize },
      (_, index) => runColor(index, 'light') + runDash(index).join(),
    )
    expect(new Set(looks).size).toBe(looks.length)
  })
})
