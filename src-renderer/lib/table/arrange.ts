import type { Run } from '../../../src-core/domain/run.ts'
import { valueAtPath } from '../../../src-core/domain/query/run-source.ts'
import { flattenSpec } from '../../../src-core/domain/spec/paths.ts'
import { variantKey } from '../../../src-core/domain/spec/parts.ts'
import { configurationText } from '../run/comparison.ts'
import { normalizationNames } from '../run/run-name.ts'
import { fieldLabel } from '../spec/labels.ts'
import type { SortValue, TableColumn } from './columns.ts'
import { everythingButSeed, type TableSettings } from './settings.ts'

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

/** Runs that share the values of the fields by which the table is grouped. */
export interface RunGroup {
  readonly key: string
  readonly runs: readonly Run[]
}

/** Groups in the order in which their first runs come. */
export function groupRuns(runs: readonly Run[], group: TableSettings['group']): RunGroup[] {
  const paths = group === everythingButSeed ? null : group.map((path) => path.split('.'))
  const groups = new Map<string, Run[]>()
  for (const run of runs) {
    const key = paths ? JSON.stringify(paths.map((keys) => valueAtPath(run.spec, keys) ?? null)) : variantKey(run.spec)
    const found = groups.get(key)
    if (found) found.push(run)
    else groups.set(key, [run])
  }
  return [...groups].map(([key, members]) => ({ key, runs: members }))
}

/**
 * The paths in which the groups differ, at most so many; first those that tell most groups apart, so that a heading
 * may be cut at its end. In the same order whatever the rows are sorted by. With given paths these are they.
 */
export function tellingPaths(groups: readonly RunGroup[], group: TableSettings['group'], most = 12): string[] {
  if (group !== everythingButSeed) return [...group]
  const values = differingValues(groups)
  const left = [...values.keys()].sort(byPart)
  const told: string[] = []
  let classes = groups.map(() => 0)
  while (left.length > 0 && told.length < most) {
    const divided = left.map((path) => dividedBy(classes, values.get(path)!))
    const next = divided.indexOf(divided.reduce((best, one) => (one.count > best.count ? one : best)))
    classes = divided[next]!.classes
    told.push(...left.splice(next, 1))
  }
  return told
}

/** For each field in which groups differ one number per group: the same for the same value. */
function differingValues(groups: readonly RunGroup[]): Map<string, readonly number[]> {
  const flats = groups.map(({ runs }) => flattenSpec(runs[0]!.spec))
  const paths = new Set(flats.flatMap((flat) => Object.keys(flat)))
  paths.delete('training.seed')
  const values = Array.from(paths, (path) => {
    const codes = numbered(flats.map((flat) => JSON.stringify(flat[path]) ?? ''))
    return [path, codes] as const
  })
  return new Map(values.filter(([, codes]) => codes.some((code) => code > 0)))
}

/** Equal items get the same number, counted from 0 in the order in which they come. */
function numbered(items: readonly (string | number)[]): number[] {
  const codes = new Map<string | number, number>()
  return items.map((item) => {
    const code = codes.get(item) ?? codes.size
    codes.set(item, code)
    return code
  })
}

/** Classes of groups, divided further by the values of one more field. */
function dividedBy(
  classes: readonly number[],
  values: readonly number[],
): { readonly classes: number[]; readonly count: number } {
  const divided = numbered(classes.map((one, index) => one * classes.length + values[index]!))
  return { classes: divided, count: Math.max(...divided) + 1 }
}

/** The network tells most, then its training; the images usually follow from either. */
function byPart(a: string, b: string): number {
  const parts = ['model', 'training', 'data']
  const rank = (path: string): number => parts.indexOf(path.split('.')[0]!) >>> 0
  return rank(a) - rank(b) || (a < b ? -1 : 1)
}

/** "LRN, Dropout rate 0.5": what sets a group apart from the others. */
export function groupLabel({ runs }: RunGroup, paths: readonly string[]): string {
  const { spec } = runs[0]!
  const parts = paths.map((path) => {
    const value = valueAtPath(spec, path.split('.'))
    if (path === 'model.normalization.kind') return normalizationNames[value as keyof typeof normalizationNames]
    return `${fieldLabel(path)} ${configurationText(value, path)}`
  })
  return parts.length === 0 ? 'All runs' : parts.join(', ')
}

export interface Spread {
  readonly n: number
  readonly mean: number
  /** Sample standard deviation; null for fewer than two values. */
  readonly deviation: number | null
}

/** Mean and spread of the finite values; null when there is none. */
export function spreadOf(values: readonly SortValue[]): Spread | null {
  const finite = values.filter((value): value is number => typeof value === 'number' && Number.isFinite(value))
  const n = finite.length
  if (n === 0) return null
  const mean = finite.reduce((sum, value) => sum + value, 0) / n
  if (n < 2) return { n, mean, deviation: null }
  const squares = finite.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { n, mean, deviation: Math.sqrt(squares / (n - 1)) }
}

/** Whether the runs do not all say the same in a column. */
export function differs(runs: readonly Run[], column: Pick<TableColumn, 'value' | 'id'>): boolean {
  if (['name', 'state', 'progress', 'sparkline'].includes(column.id) || runs.length < 2) return true
  const first = column.value(runs[0]!)
  return runs.some((run) => !Object.is(column.value(run), first))
}

export type TableRow =
  | { readonly kind: 'group'; readonly key: string; readonly group: RunGroup; readonly open: boolean }
  | { readonly kind: 'run'; readonly key: string; readonly run: Run; readonly level: 1 | 2 }

/** The rows from top to bottom: runs, or groups each followed by its runs unless it is folded. */
export function rowsOf(
  runs: readonly Run[],
  groups: readonly RunGroup[] | null,
  folded: ReadonlySet<string>,
): TableRow[] {
  if (groups === null) return runs.map((run) => ({ kind: 'run', key: run.id, run, level: 1 }))
  return groups.flatMap((group): TableRow[] => {
    const open = !folded.has(group.key)
    const head: TableRow = { kind: 'group', key: `group ${group.key}`, group, open }
    return open ? [head, ...group.runs.map((run): TableRow => ({ kind: 'run', key: run.id, run, level: 2 }))] : [head]
  })
}
