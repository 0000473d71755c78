/** A column's place: pixels from the left edge of the table's content. */
export interface PlacedColumn {
  readonly id: string
  readonly left: number
  readonly width: number
  readonly pinned: boolean
  /** Whether it must stay in place: a table that fits has nothing to stick to, and sticking cells are slow to draw. */
  readonly sticky: boolean
}

/**
 * Places the columns, the pinned ones first. What is left of the viewport goes to the first column, and on a large screen
 * to all of them, so that a table that fits fills its place.
 */
export function placeColumns(
  ids: readonly string[],
  pinned: ReadonlySet<string>,
  widthOf: (id: string) => number,
  start: number,
  viewport: number,
): PlacedColumn[] {
  const total = ids.reduce((sum, id) => sum + widthOf(id), start)
  const spareOf = spareWidths(ids.length, Math.max(0, viewport - total))
  let left = start
  return ids.map((id, index) => {
    const width = widthOf(id) + spareOf(index)
    const placed = { id, left, width, pinned: pinned.has(id), sticky: pinned.has(id) && total > viewport }
    left += width
    return placed
  })
}

/** More room than this makes no name easier to read, and takes it away from its values. In pixels. */
const mostSpareOfFirst = 320

/** What each column gets of the room that is left: the first as much as helps, all of them the rest in equal parts. */
function spareWidths(count: number, spare: number): (index: number) => number {
  const first = Math.min(spare, mostSpareOfFirst)
  const share = Math.floor((spare - first) / count)
  return (index) => (index === 0 ? spare - share * (count - 1) : share)
}

export interface ColumnWindow {
  readonly before: number
  readonly shown: readonly PlacedColumn[]
  readonly after: number
}

/** Fewer columns than this are all drawn: cutting them costs more than it saves. */
const drawnWhole = 24

/** Which columns that are not pinned are in sight; the numbers of those before and after are drawn as empty cells. */
export function columnWindow(columns: readonly PlacedColumn[], scroll: number, viewport: number): ColumnWindow {
  const pinned = columns.filter((column) => column.pinned)
  const free = columns.slice(pinned.length)
  if (columns.length <= drawnWhole) return { before: 0, shown: columns, after: 0 }
  const margin = 200
  const inSight = ({ left, width }: PlacedColumn): boolean =>
    left + width > scroll - margin && left < scroll + viewport + margin
  const first = Math.max(0, free.findIndex(inSight))
  const last = free.findLastIndex(inSight)
  return {
    before: first,
    shown: [...pinned, ...free.slice(first, last + 1)],
    after: Math.max(0, free.length - last - 1),
  }
}

/** How many rows are drawn at once: those in sight, one that is cut at the edge, and the margins. */
export function drawnRows(height: number, rowHeight: number, margin: number): number {
  return Math.ceil(height / rowHeight) + 1 + 2 * margin
}

/**
 * Rows in sight with some beyond both edges, so that scrolling never shows an empty place. Always as many while there
 * are enough: a row that is made and removed again costs several times as much as one that is filled anew.
 */
export function rowWindow(
  count: number,
  top: number,
  height: number,
  rowHeight: number,
  margin = 8,
): { readonly first: number; readonly last: number } {
  const drawn = drawnRows(height, rowHeight, margin)
  const first = Math.max(0, Math.min(count - drawn, Math.floor(top / rowHeight) - margin))
  return { first, last: Math.min(count, first + drawn) }
}
