import type { Statement } from 'better-sqlite3'
import type { ReadableDatabase, WritableDatabase } from '../../database.ts'
import { toValue, type PointRow } from './rows.ts'

/** Points to a row of `metric_chunks`. Never changes: files hold it. */
export const chunkSize = 1024

/** All points of a metric in the order of their steps. */
export interface WholeSeries {
  /** Empty when they were not asked for. */
  readonly steps: Int32Array<ArrayBuffer>
  /** NaN and infinities as they were logged. */
  readonly values: Float64Array<ArrayBuffer>
}

type Point = Pick<PointRow, 'step' | 'kind' | 'value'>

const pointsFrom = 'SELECT step, kind, value FROM metric_points WHERE metric_id = ? AND step >= ? ORDER BY step'

/** A function that packs the points of a chunk once its last one is there. `step` is that of the last point. */
export function chunkWriter(database: WritableDatabase): (metricId: number, ordinal: number) => void {
  const newest = database.prepare<[number, number], Point>(
    'SELECT step, kind, value FROM metric_points WHERE metric_id = ? ORDER BY step DESC LIMIT ?',
  )
  const insert = database.prepare(
    'INSERT INTO metric_chunks (metric_id, chunk, last_step, "values", steps) VALUES (?, ?, ?, ?, ?)',
  )
  return (metricId, ordinal) => {
    if ((ordinal + 1) % chunkSize !== 0) return
    const points = newest.all(metricId, chunkSize).reverse()
    const steps = Int32Array.from(points, ({ step }) => step)
    const values = Float64Array.from(points, ({ kind, value }) => toValue(kind, value))
    const chunk = (ordinal + 1) / chunkSize - 1
    insert.run(metricId, chunk, steps[chunkSize - 1], Buffer.from(values.buffer), Buffer.from(steps.buffer))
  }
}

/** A function that deletes the chunks that are no longer full when only `kept` points are left. */
export function chunkRewinder(database: WritableDatabase): (metricId: number, kept: number) => void {
  const remove = database.prepare('DELETE FROM metric_chunks WHERE metric_id = ? AND chunk >= ?')
  return (metricId, kept) => void remove.run(metricId, Math.floor(kept / chunkSize))
}

/**
 * A function that reads all points of a metric: from its chunks as far as they go without a gap, the rest one by one.
 * A file from before there were chunks has none for its older points.
 */
export function wholeSeriesReader(database: ReadableDatabase): (metricId: number, withSteps: boolean) => WholeSeries {
  const chunks = (columns: string): Statement<[number], [number, number, Buffer, Buffer?]> =>
    database
      .prepare<[number], [number, number, Buffer, Buffer?]>(
        `SELECT ${columns} FROM metric_chunks WHERE metric_id = ? ORDER BY chunk`,
      )
      .raw()
  const values = chunks('chunk, last_step, "values"')
  const valuesAndSteps = chunks('chunk, last_step, "values", steps')
  const count = database.prepare<[number], number>('SELECT points FROM metrics WHERE id = ?').pluck()
  const rest = database.prepare<[number, number], [number, number, number | null]>(pointsFrom).raw()
  return (metricId, withSteps) => {
    const total = count.get(metricId) ?? 0
    const series = { steps: new Int32Array(withSteps ? total : 0), values: new Float64Array(total) }
    let read = 0
    let lastStep = -1
    for (const [chunk, chunkEnd, valueBytes, stepBytes] of (withSteps ? valuesAndSteps : values).iterate(metricId)) {
      if (chunk * chunkSize !== read) break
      copyBytes(valueBytes, series.values, read)
      if (stepBytes) copyBytes(stepBytes, series.steps, read)
      read += chunkSize
      lastStep = chunkEnd
    }
    for (const [step, kind, value] of rest.iterate(metricId, lastStep + 1)) {
      if (withSteps) series.steps[read] = step
      series.values[read++] = toValue(kind, value)
    }
    return series
  }
}

/** Files are little-endian, as is every machine that Electron runs on. */
function copyBytes(bytes: Buffer, into: Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>, at: number): void {
  new Uint8Array(into.buffer).set(bytes, at * into.BYTES_PER_ELEMENT)
}
