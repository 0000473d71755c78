import { csvLine } from '../../../src-core/domain/files/csv.ts'
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

/** Columns whose ids say too little where nothing else explains them. */
const clearNames: Readonly<Record<string, string>> = {
  rate: 'learningRate',
  bestEpoch: 'epochOfBest',
  left: 'timeLeftMs',
  active: 'activeTimeMs',
  created: 'createdAt',
  started: 'startedAt',
  ended: 'endedAt',
  checkpoint: 'checkpointStep',
}

/** What a column is called in a file: the path or metric, which do not change with the window's words. */
function fileName({ id, file, path, metric }: TableColumn): string {
  const ofMetric = metric && `${metric.statistic}(${metric.name})`
  return file ?? path ?? ofMetric ?? clearNames[id] ?? id
}

/** Columns that are worth a place in a file; the id comes first, because names are not unique. */
function fileColumns(columns: readonly TableColumn[]): TableColumn[] {
  return columns.filter(({ id }) => id !== 'sparkline' && id !== 'id')
}

/** The shown columns of the runs in their order as CSV. */
export function tableCsv(columns: readonly TableColumn[], runs: readonly Run[]): string {
  const kept = fileColumns(columns)
  const lines = runs.map((run) => csvLine([run.id, ...kept.map((column) => fileValue(column, run))]))
  return [csvLine(['id', ...kept.map(fileName)]), ...lines].join('')
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
