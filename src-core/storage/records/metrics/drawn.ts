import { columnNames, type DrawnSeries, type SeriesColumns } from '../../../domain/statistics/drawn-series.ts'
import type { SeriesPoint } from '../../../domain/metrics.ts'
import { initialState, type Smoothing, type SmoothingState } from '../../../domain/statistics/series-smoothing.ts'
import type { ReadableDatabase } from '../../database.ts'
import { partialReader, rangeFinder, type FoundRange, type Range } from './history.ts'
import type { SmoothedReader } from './smoothed-cache.ts'
import { toValue } from './rows.ts'

type Drawn = Omit<DrawnSeries, 'runId' | 'metric'>

/** Columns in the order of the statements below. */
type Row = [number, number, number, number, number, number | null, number | null, number | null]

const pointColumns = 'step, epoch, wall_time, active_time, kind, value, value, value'
const bucketColumns = 'last_step, last_epoch, last_wall_time, last_active_time, last_kind, last_value, "min", "max"'

/**
 * A function that draws a range of one metric as columns, in at most `maxPoints` points. The same as `seriesDrawer`
 * without an object per point: a hundred runs are read in a tenth of a second.
 */
export function columnsDrawer(
  database: ReadableDatabase,
  smoothed: SmoothedReader,
): (metricId: number, range: Range, smoothing: Smoothing) => Drawn {
  const findRange = rangeFinder(database)
  const partial = partialReader(database)
  const points = database
    .prepare<[number, number, number], Row>(
      `SELECT ${pointColumns} FROM metric_points WHERE metric_id = ? AND step BETWEEN ? AND ? ORDER BY step`,
    )
    .raw()
  const buckets = database
    .prepare<[number, number, number, number], Row>(
      `SELECT ${bucketColumns} FROM metric_buckets
       WHERE metric_id = ? AND level = ? AND bucket >= ? AND bucket < ? ORDER BY bucket`,
    )
    .raw()
  const firstNonFinite = database
    .prepare<[number, number, number], number>(
      `SELECT step FROM metric_points INDEXED BY metric_points_not_finite
       WHERE metric_id = ? AND kind <> 0 AND step BETWEEN ? AND ? ORDER BY step LIMIT 1`,
    )
    .pluck()
  /** Fills the column of smoothed values; nothing has to be read when they are the values themselves. */
  const smooth = (columns: SeriesColumns, id: number, found: FoundRange, smoothing: Smoothing): SmoothingState => {
    if (smoothing.kind === 'none') columns.smoothed.set(columns.last)
    if (smoothing.kind === 'none') return initialState()
    const { smoothed: values, state } = smoothed(id, endsOf(columns.step.length, found), smoothing)
    columns.smoothed.set(values)
    return state
  }
  return (id, range, smoothing) => {
    const found = findRange(id, range)
    if (!found) return emptySeries()
    const { first, last, level } = found
    const size = 2 ** level
    const fullFrom = Math.ceil(first.ordinal / size)
    const fullTo = Math.floor((last.ordinal + 1) / size)
    const before =
      level > 0 && first.ordinal < fullFrom * size ? partial(id, found, first.ordinal, fullFrom * size) : null
    const after =
      level > 0 && fullTo * size <= last.ordinal ? partial(id, found, fullTo * size, last.ordinal + 1) : null
    const rows = level === 0 ? points.all(id, first.step, last.step) : buckets.all(id, level, fullFrom, fullTo)
    const columns = emptyColumns(rows.length + Number(before !== null) + Number(after !== null))
    let at = 0
    if (before) writePoint(columns, at++, before)
    for (const row of rows) writeRow(columns, at++, row)
    if (after) writePoint(columns, at, after)
    const state = smooth(columns, id, found, smoothing)
    const open = (last.ordinal % size) + 1
    const odd = firstNonFinite.get(id, first.step, last.step) ?? null
    const total = last.ordinal + 1 - first.ordinal
    return { columns, total, bucket: size, open, firstNonFinite: odd, smoothing: state }
  }
}

function emptySeries(): Drawn {
  const columns = emptyColumns(0)
  return { columns, total: 0, bucket: 1, open: 1, firstNonFinite: null, smoothing: initialState() }
}

function emptyColumns(length: number): SeriesColumns {
  return Object.fromEntries(columnNames.map((name) => [name, new Float64Array(length)])) as SeriesColumns
}

function writeRow(columns: SeriesColumns, at: number, row: Row): void {
  const [step, epoch, wallTime, activeTime, kind, value, min, max] = row
  columns.step[at] = step
  columns.epoch[at] = epoch
  columns.wallTime[at] = wallTime
  columns.activeTime[at] = activeTime
  columns.last[at] = toValue(kind, value)
  columns.min[at] = min ?? NaN
  columns.max[at] = max ?? NaN
}

function writePoint(columns: SeriesColumns, at: number, point: SeriesPoint): void {
  for (const name of columnNames) if (name !== 'smoothed') columns[name][at] = point[name]
}

/** The places of the last points of the buckets; the last bucket may end before it is full. */
function endsOf(length: number, { first, last, level }: FoundRange): Int32Array {
  const size = 2 ** level
  const firstEnd = (Math.floor(first.ordinal / size) + 1) * size - 1
  return Int32Array.from({ length }, (_, at) => Math.min(firstEnd + at * size, last.ordinal))
}
