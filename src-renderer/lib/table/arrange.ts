import type { RunSet } from '../../../src-core/domain/comparison/groups.ts'
import type { Run } from '../../../src-core/domain/run.ts'
import { valueAtPath } from '../../../src-core/domain/query/run-source.ts'
import { readableText } from '../run/comparison.ts'
import { normalizationNames } from '../run/run-name.ts'
import { fieldLabel } from '../spec/labels.ts'
import type { SortValue, TableColumn } from './columns.ts'

/**
 * Sorted copy by several columns; runs without a value come last whatever the direction, equal ones newest first and those
 * that were recorded together, such as a grid's, as they come.
 * Values are read once per run and column, so that comparing touches plain arrays only.
 */
export function sortRuns(
  runs: readonly Run[],
  keys: readonly { readonly column: Pick<TableColumn, 'value'>; readonly descending: boolean }[],
): Run[] {
  const values = keys.map(({ column }) => runs.map((run) => column.value(run)))
  const order = Array.from(runs, (_, index) => index)
  order.sort((a, b) => {
    for (let key = 0; key < keys.length; key++) {
      const result = compareValues(values[key]![a]!, values[key]![b]!, keys[key]!.descending)
      if (result !== 0) return result
    }
    return runs[b]!.createdAt - runs[a]!.createdAt
  })
  return order.map((index) => runs[index]!)
}

function compareValues(a: SortValue, b: SortValue, descending: boolean): number {
  const [aMissing, bMissing] = [isMissing(a), isMissing(b)]
  if (aMissing || bMissing) return Number(aMissing) - Number(bMissing)
  const order = a! < b! ? -1 : a! > b! ? 1 : 0
  return descending ? -order : order
}

function isMissing(value: SortValue): boolean {
  return value === null || (typeof value === 'number' && Number.isNaN(value))
}

/** "LRN, Dropout rate 0.5": what sets a group apart from the others. */
export function groupLabel({ runs }: RunSet, paths: readonly string[]): string {
  const { spec } = runs[0]!
  const parts = paths.map((path) => {
    const value = valueAtPath(spec, path.split('.'))
    if (path === 'model.normalization.kind') return normalizationNames[value as keyof typeof normalizationNames]
    return `${fieldLabel(path)} ${readableText(value, path)}`
  })
  return parts.length === 0 ? 'All runs' : parts.join(', ')
}

/** Whether the runs do not all say the same in a column. */
export function differs(runs: readonly Run[], column: Pick<TableColumn, 'value' | 'id'>): boolean {
  if (['name', 'state', 'progress', 'sparkline'].includes(column.id) || runs.length < 2) return true
  const first = column.value(runs[0]!)
  return runs.some((run) => !Object.is(column.value(run), first))
}

export type TableRow =
  | { readonly kind: 'group'; readonly key: string; readonly group: RunSet; readonly open: boolean }
  | { readonly kind: 'run'; readonly key: string; readonly run: Run; readonly level: 1 | 2 }

/** The rows from top to bottom: runs, or groups each followed by its runs unless it is folded. */
export function rowsOf(
  runs: readonly Run[],
  groups: readonly RunSet[] | null,
  folded: ReadonlySet<string>,
): TableRow[] {
  if (groups === null) return runs.map((run) => ({ kind: 'run', key: run.id, run, level: 1 }))
  return groups.flatMap((group): TableRow[] => {
    const open = !folded.has(group.key)
    const head: TableRow = { kind: 'group', key: `group ${group.key}`, group, open }
    return open ? [head, ...group.runs.map((run): TableRow => ({ kind: 'run', key: run.id, run, level: 2 }))] : [head]
  })
}
