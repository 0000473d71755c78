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

/** Blanks between two columns. */
const gap = 2

/** The library looks at every pair of rows: longer tables are drawn in parts of so many. */
const rowsOfPart = 500

/** Characters of a text in a terminal, or a few more: those of East Asia are twice as wide. */
function widthInTerminal(text: string): number {
  return [...text].reduce((width, character) => width + (character.codePointAt(0)! < 0x1100 ? 1 : 2), 0)
}

function partsOf<Item>(items: readonly Item[], size: number): Item[][] {
  const count = Math.max(1, Math.ceil(items.length / size))
  return Array.from({ length: count }, (_, part) => items.slice(part * size, (part + 1) * size))
}

/** Prints rows under column titles; numbers are right-aligned by the column. */
export function printTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): void {
  const titles = columns.map(({ title }) => title)
  const cells = rows.map((row) => columns.map(({ value }) => singleLine(value(row))))
  const parts = partsOf(cells, rowsOfPart)
  const widths = titles.map((title, column) =>
    cells.reduce((most, row) => Math.max(most, widthInTerminal(row[column]!)), widthInTerminal(title)),
  )
  parts.forEach((part, index) => {
    const table = new Table({
      head: index === 0 ? titles : [],
      colAligns: columns.map(({ align }) => align ?? 'left'),
      ...(parts.length > 1 && { colWidths: widths }),
      chars: noBorders,
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    })
    table.push(...part)
    printLine(table.toString().replace(/ +$/gm, ''))
  })
}

/** How many of the widths fit beside each other, at least one. */
function fitting(widths: readonly number[], space: number): number {
  let used = 0
  const tooMany = widths.findIndex((width) => (used += gap + width) > space)
  return tooMany < 0 ? widths.length : Math.max(1, tooMany)
}

/**
 * Prints a table with as many columns as the terminal is wide, and the others in further tables below it.
 * @param lead columns that every one of the tables begins with
 * @param width of the terminal, in characters; without one, as for a file, the table is not divided
 */
export function printWideTable<Row>(
  lead: readonly Column<Row>[],
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width = process.stdout.columns ?? Infinity,
): void {
  const widthOf = ({ title, value }: Column<Row>): number =>
    Math.max(...[title, ...rows.map(value)].map((text) => [...text].length))
  const space = width - lead.reduce((sum, column) => sum + widthOf(column) + gap, -gap)
  const widths = columns.map(widthOf)
  for (let first = 0; first < columns.length;) {
    const count = fitting(widths.slice(first), space)
    if (first > 0) printLine()
    printTable([...lead, ...columns.slice(first, first + count)], rows)
    first += count
  }
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
