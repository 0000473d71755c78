import type { Run } from '../../../src-core/domain/run.ts'
import type { SortValue, TableColumn } from './columns.ts'

/** The value of a cell as it stands in a file: numbers whole, not as they are shown. */
function fileValue(column: TableColumn, run: Run): SortValue {
  if (column.id === 'sparkline') return null
  if (['name', 'state', 'tags', 'notes'].includes(column.id)) return textValue(column, run)
  if (column.id === 'best') return run.best?.value ?? null
  if (['created', 'started', 'ended'].includes(column.id)) return dateValue(column.value(run))
  return column.value(run)
}

function textValue(column: TableColumn, run: Run): string {
  if (column.id === 'state') return run.state
  return column.id === 'notes' ? run.notes : column.text(run)
}

function dateValue(time: SortValue): string | null {
  return typeof time === 'number' ? new Date(time).toISOString() : null
}

/** What a column is called in a file: the path or metric, which do not change with the window's words. */
function fileName(column: TableColumn): string {
  return column.path ?? (column.metric ? `${column.metric.statistic}(${column.metric.name})` : column.id)
}

/** Columns that are worth a place in a file; the id comes first, because names are not unique. */
function fileColumns(columns: readonly TableColumn[]): TableColumn[] {
  return columns.filter(({ id }) => id !== 'sparkline' && id !== 'id')
}

/** A cell of CSV (RFC 4180); one that a spreadsheet would take for a formula gets an apostrophe. */
export function csvCell(value: SortValue): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** The shown columns of the runs in their order as CSV. */
export function tableCsv(columns: readonly TableColumn[], runs: readonly Run[]): string {
  const kept = fileColumns(columns)
  const head = ['id', ...kept.map(fileName)].map(csvCell).join(',')
  const lines = runs.map((run) => [run.id, ...kept.map((column) => fileValue(column, run))].map(csvCell).join(','))
  return [head, ...lines].join('\r\n') + '\r\n'
}

/** The same as JSON, one object per run; NaN and infinities are words. */
export function tableJson(columns: readonly TableColumn[], runs: readonly Run[]): string {
  const kept = fileColumns(columns)
  const plain = (value: SortValue): SortValue =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
  const rows = runs.map((run) =>
    Object.fromEntries([['id', run.id], ...kept.map((column) => [fileName(column), plain(fileValue(column, run))])]),
  )
  return JSON.stringify(rows, null, 2) + '\n'
}
