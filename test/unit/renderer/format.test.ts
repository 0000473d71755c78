import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatClock,
  formatCompact,
  formatCount,
  formatDuration,
  formatEstimate,
  formatFixed,
  formatMetric,
  formatNumber,
  formatPercent,
  missing,
} from '../../../src-renderer/lib/format.ts'

describe('numbers', () => {
  it('are grouped, and missing ones are a dash', () => {
    expect([formatCount(62_378_344), formatCount(null), formatCount(undefined)]).toEqual([
      '62,378,344',
      missing,
      missing,
    ])
  })

  it('keep three figures when large', () => {
    expect([950, 1_884_778, 62_378_344, 1.2e9].map(formatCompact)).toEqual(['950', '1.88 M', '62.4 M', '1.2 G'])
  })

  it('keep the name of what is not finite', () => {
    expect([NaN, Infinity, -Infinity].map((value) => formatFixed(value, 4))).toEqual(['NaN', '∞', '−∞'])
  })

  it('are written as people type them', () => {
    expect([0.001, 0.00001, 0.1 + 0.2, 0, 1e7, -0.5].map(formatNumber)).toEqual([
      '0.001',
      '1e-5',
      '0.3',
      '0',
      '1e7',
      '-0.5',
    ])
  })

  it('follow their metric', () => {
    expect(formatMetric('validation/accuracy', 0.98412)).toBe('98.41')
    expect(formatMetric('train/loss', 0.12345)).toBe('0.1235')
    expect(formatMetric('validation/top5-error', 0.0123)).toBe('1.23')
    expect(formatMetric('pretraining/conv1/error', 0.0123)).toBe('0.0123')
    expect(formatMetric('train/learning-rate', 0.01)).toBe('0.01')
    expect(formatMetric('system/images-per-second', 1456.4)).toBe('1456')
    expect(formatPercent(null)).toBe(missing)
  })
})

describe('durations and sizes', () => {
  it('change their unit', () => {
    expect([4_400, 245_000, 3_845_000].map(formatDuration)).toEqual(['4 s', '4:05 min', '1:04:05 h'])
    expect(formatDuration(null)).toBe(missing)
    expect([59_400, 61_000, 3_600_000].map(formatClock)).toEqual(['0:59', '1:01', '1:00:00'])
  })

  it('are rough in estimates', () => {
    expect([20_000, 240_000, 9_000_000].map(formatEstimate)).toEqual(['about 20 s', 'about 4 min', 'about 2.5 h'])
  })

  it('use binary units', () => {
    expect([0, 512, 1536, 5 * 1024 ** 2, 31.1 * 1024 ** 3].map(formatBytes)).toEqual([
      '0 B',
      '512 B',
      '1.50 KiB',
      '5.00 MiB',
      '31.1 GiB',
    ])
  })
})
