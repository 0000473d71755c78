import { z } from 'zod'
import { metricDirections } from '../../../src-core/domain/metrics.ts'

export const tableSection = 'runs-table'

export const everythingButSeed = 'everything-but-seed'

/** How the runs table is arranged, as the layout keeps it and a saved view brings it back. */
export const tableSettingsSchema = z.object({
  /** The ids of the shown columns in their order; the pinned ones stand before the others. */
  columns: z.array(z.string()).min(1).max(500),
  pinned: z.array(z.string()),
  /** Widths in pixels of columns that were resized. */
  widths: z.record(z.string(), z.number().min(40).max(1200)),
  sort: z.array(z.object({ column: z.string(), descending: z.boolean() })),
  /** Spec paths by which rows are grouped, or everything but the seed; empty for no groups. */
  group: z.union([z.literal(everythingButSeed), z.array(z.string())]),
  differencesOnly: z.boolean(),
  baseline: z.string().nullable(),
  /** What the user said of a column's better direction. */
  directions: z.record(z.string(), z.enum(metricDirections)),
  query: z.string(),
})
export type TableSettings = z.infer<typeof tableSettingsSchema>
export type Sorting = TableSettings['sort'][number]

export const defaultColumns: readonly string[] = [
  'name',
  'state',
  'progress',
  'best',
  'sparkline',
  'metric:last:train/loss',
  'rate',
  'spec:model.normalization.kind',
  'spec:model.dropout.rate',
  'spec:training.seed',
  'created',
]

export const defaultSettings: TableSettings = {
  columns: [...defaultColumns],
  pinned: ['name'],
  widths: {},
  sort: [{ column: 'created', descending: true }],
  group: [],
  differencesOnly: false,
  baseline: null,
  directions: {},
  query: '',
}

/** A column at another place among the shown ones. */
export function moved(columns: readonly string[], id: string, to: number): string[] {
  const others = columns.filter((one) => one !== id)
  const place = Math.max(0, Math.min(others.length, to))
  return [...others.slice(0, place), id, ...others.slice(place)]
}

/** Sorting after a click on a header: alone, or added to what is sorted by already. */
export function sortedBy(sort: readonly Sorting[], column: string, descendingFirst: boolean, add: boolean): Sorting[] {
  const present = sort.find((one) => one.column === column)
  const next = { column, descending: present ? !present.descending : descendingFirst }
  if (!add) return [next]
  return present ? sort.map((one) => (one === present ? next : one)) : [...sort, next]
}
