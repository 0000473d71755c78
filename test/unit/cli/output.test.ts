import { afterEach, describe, expect, it, vi } from 'vitest'
import { printWideTable } from '../../../src-cli/terminal/output.ts'

const columns = ['one', 'two', 'three'].map((title) => ({ title, value: (row: string) => `${row} ${title}` }))
const lead = [{ title: 'Row', value: (row: string) => row }]

function printed(rows: readonly string[], width: number): string[] {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  printWideTable(lead, columns, rows, width)
  return write.mock.calls.map(([text]) => String(text)).join('').split('\n') // prettier-ignore
}

afterEach(() => vi.restoreAllMocks())

describe('a wide table', () => {
  it('stands in one where the terminal is wide enough', () => {
    expect(printed(['a'], 26)).toEqual(['Row  one    two    three', 'a    a one  a two  a three', ''])
  })

  it('goes on below with the columns that do not fit, each part with its rows named, and no blanks at the ends', () => {
    expect(printed(['a'], 25)).toEqual(['Row  one    two', 'a    a one  a two', '', 'Row  three', 'a    a three', ''])
  })

  it('has one column at least, however narrow the terminal is', () => {
    expect(printed(['a'], 1).filter((line) => line.startsWith('Row'))).toEqual(['Row  one', 'Row  two', 'Row  three'])
  })
})

describe('a long table', () => {
  it('has one head, and the same columns from the first row to the last', () => {
    const rows = Array.from({ length: 1201 }, (_, index) =>
      index === 1200 ? '図表 of a much longer name' : `${index}`,
    )
    const [head, ...lines] = printed(rows, Infinity).slice(0, -1)
    expect(lines).toHaveLength(1201)
    expect(lines.filter((line) => line.startsWith('Row'))).toEqual([])
    expect(new Set(lines.slice(0, -1).map((line) => line.search(/\S+ one/)))).toEqual(new Set([head!.indexOf('one')]))
    expect(lines.at(-1)).toContain('図表 of a much longer name')
  })
})
