import Table from 'cli-table3'
import { jsonNumber } from '../../src-core/domain/metrics.ts'

/** NaN and infinities become words: JSON would turn them into null and hide a diverging run. */
function keepNonFinite(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? jsonNumber(value) : value
}

/** Prints one line of JSON to standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, keepNonFinite)}\n`)
}

export function printLine(text = ''): void {
  process.stdout.write(`${text}\n`)
}

export interface Column<Row> {
  readonly title: string
  readonly value: (row: Row) => string
  readonly align?: 'left' | 'right'
}

const noBorders = {
  top: '', 'top-mid': '', 'top-left': '', 'top-right': '',
  bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '',
  left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ',
} // prettier-ignore

/** Prints rows under column titles; numbers are right-aligned by the column. */
export function printTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): void {
  const table = new Table({
    head: columns.map(({ title }) => title),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    chars: noBorders,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  for (const row of rows) table.push(columns.map(({ value }) => singleLine(value(row))))
  printLine(table.toString())
}

/** Prints names and values in two columns. */
export function printPairs(pairs: readonly (readonly [string, string])[]): void {
  const width = Math.max(...pairs.map(([name]) => name.length))
  for (const [name, value] of pairs) printLine(`${name.padEnd(width)}  ${value}`)
}

/** The name of a run, a file or a class may hold anything, also what would steer a terminal. */
export function singleLine(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ')
}

/** Prints what the command has to say besides its result, in one line or several, to standard error. */
export function printNotice(text: string): void {
  process.stderr.write(`ablate: ${text.split('\n').map(singleLine).join('\n')}\n`)
}
