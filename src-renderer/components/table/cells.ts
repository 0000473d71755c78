import type { TableColumn } from '../../lib/table/columns.ts'
import type { PlacedColumn } from '../../lib/table/column-window.ts'

/** A column that is drawn, with its place. */
export interface ShownColumn {
  readonly place: PlacedColumn
  readonly column: TableColumn
}

/** What every row of the table is told: the drawn columns, and how many stand out of sight on both sides. */
export interface RowColumns {
  readonly columns: readonly ShownColumn[]
  readonly before: number
  readonly after: number
  readonly pinnedCount: number
  /** Whether the table is wider than its place, so that its first cells must stay. */
  readonly wide: boolean
}

/** Where a pinned cell sticks. */
export function stickyLeft({ place }: ShownColumn): string | undefined {
  return place.sticky ? `${place.left}px` : undefined
}
