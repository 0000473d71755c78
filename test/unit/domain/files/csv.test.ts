import { describe, expect, it } from 'vitest'
import { csvLine } from '../../../../src-core/domain/files/csv.ts'

describe('a line of CSV', () => {
  it('quotes what would be taken for more than a field', () => {
    const values = ['plain', 'a,b', 'said "so"', 'two\nlines', 'a\r', null, '']
    expect(csvLine(values)).toBe('plain,"a,b","said ""so""","two\nlines","a\r",,\r\n')
  })

  it('writes numbers whole, those that are not finite by their names', () => {
    expect(csvLine([-0.1, 1e-9, 123_456_789, NaN, -Infinity])).toBe('-0.1,1e-9,123456789,NaN,-Infinity\r\n')
  })

  it('carries no formula into a spreadsheet', () => {
    expect(csvLine(['=HYPERLINK("x")', '+1', '-1', '@a', '\tb', 'a=b'])).toBe(
      `"'=HYPERLINK(""x"")",'+1,'-1,'@a,'\tb,a=b\r\n`,
    )
  })
})
