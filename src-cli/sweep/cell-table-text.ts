import { cellTable, type CellRun, type TableCell } from '../../src-core/domain/grid/cell-table.ts'
import type { ComparedFactor, PlacedRuns } from '../../src-core/domain/grid/factors.ts'
import { wrapped } from '../terminal/format.ts'
import { printLine, printWideTable, type Column } from '../terminal/output.ts'

export interface CellTableText {
  readonly placed: PlacedRuns
  /** One for each run that was placed, in that order. */
  readonly runs: readonly Omit<CellRun, 'levels'>[]
  /** What the cells hold, for the heading: "Best validation accuracy, %". */
  readonly objective: string
  readonly format: (value: number) => string
  /** What stands where a combination has no run. */
  readonly absent: string
}

/** A field's own name, such as `rate`, with what it belongs to where that says more: `dropout.rate`. */
function shortName({ id }: ComparedFactor): string {
  const parts = id.split('.')
  return parts.length > 2 ? parts.slice(-2).join('.') : parts.at(-1)!
}

interface CellForm extends Pick<CellTableText, 'format' | 'absent'> {
  /** Whether no cell has more than one run. */
  readonly single: boolean
}

function cellText({ spread, runs, states }: TableCell, { format, absent, single }: CellForm): string {
  if (runs.length === 0) return absent
  const unfinished = states.filter(({ state }) => state !== 'finished')
  const notes = unfinished.map(({ state, count }) => `${count} ${state}`).join(', ')
  if (!spread) return notes || '-'
  const { mean, standardDeviation, count } = spread
  // Of a table with one run to the cell the numbers would say nothing.
  if (single) return notes ? `${format(mean)} (${notes})` : format(mean)
  const figures = standardDeviation === null ? format(mean) : `${format(mean)} ± ${format(standardDeviation)}`
  return `${figures} (${[`n ${count}`, ...(notes ? [notes] : [])].join(', ')})`
}

/**
 * Prints an objective per combination, as mean ± standard deviation where runs are repeated: the last factor in the
 * columns, all others in the rows. Prints nothing for fewer than two factors: there the list of variants says the same.
 */
export function printCellTable(text: CellTableText): void {
  const { placed, runs, objective } = text
  const { factors, levels } = placed
  const last = factors.length - 1
  if (last < 1) return
  const columns = factors[last]!
  const present = columns.levels.map((_, level) => levels.some((own) => own[last] === level))
  const rows = new Map<string, { readonly title: readonly string[]; readonly runs: CellRun[] }>()
  // In the order of the levels, whatever the order of the runs.
  const order = levels
    .map((_, index) => index)
    .sort((a, b) => factors.reduce((sign, _, factor) => sign || levels[a]![factor]! - levels[b]![factor]!, 0))
  order.forEach((index) => {
    const own = levels[index]!
    const title = own.slice(0, last).map((level, factor) => factors[factor]!.levels[level]!.name)
    const row = rows.get(title.join('\n')) ?? { title, runs: [] }
    row.runs.push({ ...runs[index]!, levels: own })
    rows.set(title.join('\n'), row)
  })
  const table = [...rows.values()].map(({ title, runs: found }) => ({
    title,
    cells: cellTable({ runs: found, rows: null, columns: { factor: last, size: columns.levels.length } }),
  }))
  type Row = (typeof table)[number]
  const single = table.every(({ cells }) => cells.every((cell) => cell.runs.length <= 1))
  printLine()
  printLine(wrapped('', `${objective}${single ? '' : ', mean ± standard deviation'}:`, 0))
  printWideTable<Row>(
    factors
      .slice(0, last)
      .map((factor, index) => ({ title: shortName(factor), value: ({ title }: Row) => title[index]! })),
    columns.levels
      .map(({ name }, level): Column<Row> => ({
        title: `${shortName(columns)} ${name}`,
        value: ({ cells }) => cellText(cells[level]!, { ...text, single }),
        align: 'right',
      }))
      .filter((_, level) => present[level]),
    table,
  )
}
