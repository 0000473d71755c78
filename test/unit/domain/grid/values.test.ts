import { describe, expect, it } from 'vitest'
import { readTypedValues } from '../../../../src-core/domain/grid/values.ts'

const field = { list: false, thousands: false }
const valuesOf = (text: string, reading = field): readonly unknown[] | string => {
  const read = readTypedValues(text, reading)
  return read.kind === 'several' ? read.values : read.kind === 'wrong' ? read.message : 'one'
}

describe('lists and ranges', () => {
  it.each<[string, unknown[]]>([
    ['0, 0.4, 0.5', [0, 0.4, 0.5]],
    ['1..5', [1, 2, 3, 4, 5]],
    ['3..1', [3, 2, 1]],
    ['0..1 by 0.25', [0, 0.25, 0.5, 0.75, 1]],
    ['0..0.3 by 0.1', [0, 0.1, 0.2, 0.3]],
    ['1e-4..1e-1 log 4', [1e-4, 1e-3, 1e-2, 1e-1]],
    ['0..1 lin 3', [0, 0.5, 1]],
    ['0..1 by 0.3', [0, 0.3, 0.6, 0.9]],
    ['1/1000, 1e-2', [0.001, 0.01]],
    ['1..3, 8', [1, 2, 3, 8]],
    ['lrn, bn, none', ['lrn', 'bn', 'none']],
    ['true | false', [true, false]],
    // Still being typed.
    ['0.1, 0.2,', [0.1, 0.2]],
  ])('%s', (text, values) => {
    expect(valuesOf(text)).toEqual(values)
  })

  it.each(['0.5', 'bn', '[1, 2]', '{"size": 3, "stride": 2}', '', '1e-3', 'file:/a,b/../c'])(
    '“%s” is one value',
    (text) => {
      expect(valuesOf(text)).toBe('one')
    },
  )

  it('take a comma between three digits as people write thousands, in forms alone', () => {
    expect(valuesOf('1,000, 6,000', { list: false, thousands: true })).toEqual([1000, 6000])
    expect(valuesOf('60,000', { list: false, thousands: true })).toBe('one')
    expect(valuesOf('128,256')).toEqual([128, 256])
    const form = { list: false, thousands: true }
    expect(valuesOf('1 281 167, 60 000', form)).toEqual([1281167, 60000])
    expect(valuesOf('1000,200,300', form)).toEqual([1000, 200, 300])
    expect(valuesOf('64, 128, 256', form)).toEqual([64, 128, 256])
    expect(valuesOf('64,128,256', form)).toBe(
      '"64,128,256" may be one number or a list: write 64128256 or 64, 128, 256',
    )
    expect(valuesOf('100,200 | 300', { list: true, thousands: true })).toEqual([[100, 200], 300])
  })

  it('of fields that are lists need bars between their alternatives', () => {
    expect(valuesOf('1, 2', { list: true, thousands: false })).toBe('one')
    expect(valuesOf('1, 2 | 1,3', { list: true, thousands: false })).toEqual([
      [1, 2],
      [1, 3],
    ])
  })

  it.each<[string, string]>([
    ['0, , 1', 'a value is missing between two commas'],
    ['1..b', '"1..b" is no range: write 1..5, 0..1 by 0.25, or 1e-4..1e-1 log 4'],
    ['0..1 by -1', '"0..1 by -1" never gets from 0 to 1'],
    ['0.1..0.5', '"0.1..0.5" needs a step: write 0.1..0.5 by 0.1'],
    ['0..1 log 3', '"0..1 log 3" cannot be spaced logarithmically: both ends must be above 0'],
    ['1..9 log x', '"1..9 log x" needs a whole number of values'],
    ['1..500', '"1..500" is 500 values; a field takes at most 100'],
    ['1..90, 100..150', 'these are 141 values; a field takes at most 100'],
    ['1..3, 2', '2 is in the list twice'],
    [',', 'a value is missing'],
  ])('%s is refused: %s', (text, message) => {
    expect(valuesOf(text)).toContain(message)
  })
})
