import { describe, expect, it } from 'vitest'
import { cutIntervalsText, levelText, meanIntervalText } from '../../../../src-core/domain/comparison/words.ts'

describe('the interval of a mean', () => {
  it('is cut where the metric ends, and says so', () => {
    const accuracy = [0.8001, 1.0487] as const
    expect(meanIntervalText('validation/accuracy', accuracy)).toBe('[80.01, 100.00]*')
    expect(cutIntervalsText('validation/accuracy', [null, accuracy])).toBe(
      '* Cut: the t-interval of so few seeds goes beyond 0.00 % or 100.00 %, which cannot be.',
    )
    expect(meanIntervalText('validation/loss', [-1, 2])).toBe('[0.0000, 2.0000]*')
    expect(cutIntervalsText('validation/loss', [[-1, 2]])).toContain('goes below 0, which')
  })

  it('is left as it is within the range', () => {
    expect(meanIntervalText('test/accuracy', [0, 1])).toBe('[0.00, 100.00]')
    expect(meanIntervalText('system/memory-mib', [100, 1200])).toBe('[100, 1200]')
    expect(cutIntervalsText('test/accuracy', [[0.2, 0.9], null])).toBe('')
  })
})

describe('the level of an interval', () => {
  it.each([
    [0.95, '95 %'],
    [0.975, '97.5 %'],
    [1 - 0.05 / 3, '98.3 %'],
    [1 - 0.05 / 36, '99.9 %'],
    [1 - 0.05 / 100, '99.95 %'],
  ])('%f is %s', (level, text) => expect(levelText(level)).toBe(text))
})
