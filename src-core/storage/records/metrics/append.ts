import { WorkbenchError } from '../../../domain/errors.ts'
import type { RunId } from '../../../domain/ids.ts'
import type { SeriesPoint, StepRecord } from '../../../domain/metrics.ts'
import type { WritableDatabase } from '../../database.ts'
import { chunkRewinder, chunkWriter } from './chunks.ts'
import { completedBy, merge, pointOf } from './pyramid.ts'
import { bucketColumns, toBucket, toPoint, type BucketRow, type PointRow } from './rows.ts'
import { addToSummary, summaryReader, summaryRepairer, summaryWriter } from './summary.ts'

/** A metric that is open for the points of one batch. */
interface OpenSeries {
  append(record: StepRecord, value: number): void
  /** Writes the summary; comes after the batch's last point. */
  finish(): void
}

/** Opens one metric for a batch; what it remembers is good only until its transaction ends. */
export function seriesAppender(database: WritableDatabase): (runId: RunId, name: string) => OpenSeries {
  const metricIdOf = metricRegister(database)
  const lastPoint = database.prepare<[number], PointRow>(
    'SELECT * FROM metric_points WHERE metric_id = ? ORDER BY step DESC LIMIT 1',
  )
  const insertPoint = database.prepare(`
    INSERT INTO metric_points (metric_id, step, ordinal, epoch, wall_time, active_time, kind, value)
    VALUES (@id, @last_step, @ordinal, @last_epoch, @last_wall_time, @last_active_time, @last_kind, @last_value)`)
  const completeBuckets = bucketWriter(database)
  const completeChunk = chunkWriter(database)
  const readSummary = summaryReader(database)
  const writeSummary = summaryWriter(database)
  return (runId, name) => {
    const id = metricIdOf(runId, name)
    const summary = readSummary(id)
    const tail = lastPoint.get(id)
    let previous = tail ? toPoint(tail) : null
    let ordinal = tail ? tail.ordinal + 1 : 0
    return {
      append(record, value) {
        if (previous && record.step <= previous.step) throw stepsMustRise(name, record.step, previous.step)
        const point = pointOf(record, value)
        insertPoint.run({ id, ordinal, ...bucketColumns(point) })
        completeBuckets(id, ordinal, previous, point)
        completeChunk(id, ordinal)
        addToSummary(summary, record, value)
        previous = point
        ordinal++
      },
      finish: () => writeSummary(id, summary),
    }
  }
}

function metricRegister(database: WritableDatabase): (runId: RunId, name: string) => number {
  const find = database.prepare('SELECT id FROM metrics WHERE run_id = ? AND name = ?').pluck()
  const insert = database.prepare('INSERT INTO metrics (run_id, name) VALUES (?, ?)')
  return (runId, name) =>
    (find.get(runId, name) as number | undefined) ?? Number(insert.run(runId, name).lastInsertRowid)
}

type CompleteBuckets = (id: number, ordinal: number, previous: SeriesPoint | null, point: SeriesPoint) => void

/** Writes the buckets that a point completes: none for every second point, two for every fourth, and so on. */
function bucketWriter(database: WritableDatabase): CompleteBuckets {
  const insert = database.prepare(`
    INSERT INTO metric_buckets VALUES (@id, @level, @bucket, @last_step, @last_epoch, @last_wall_time,
      @last_active_time, @last_kind, @last_value, @min, @max)`)
  const bucketAt = database.prepare<[number, number, number], BucketRow>(
    'SELECT * FROM metric_buckets WHERE metric_id = ? AND level = ? AND bucket = ?',
  )
  return (id, ordinal, previous, point) => {
    let right = point
    for (const { level, bucket } of completedBy(ordinal)) {
      const left = level === 1 ? previous! : toBucket(bucketAt.get(id, level - 1, 2 * bucket)!)
      right = merge(left, right)
      insert.run({ id, level, bucket, ...bucketColumns(right) })
    }
  }
}

function stepsMustRise(metric: string, step: number, last: number): WorkbenchError {
  const message = `The trainer sent step ${step} of ${metric} after step ${last}.`
  return new WorkbenchError('trainer-protocol', message, { metric, step, last })
}

/** A function that deletes the points of a metric past a step, and what is no longer true of it. */
export function seriesRewinder(database: WritableDatabase): (metricId: number, step: number) => number {
  const firstPast = database
    .prepare('SELECT ordinal FROM metric_points WHERE metric_id = ? AND step > ? ORDER BY step LIMIT 1')
    .pluck()
  const deletePoints = database.prepare('DELETE FROM metric_points WHERE metric_id = ? AND step > ?')
  const deleteBuckets = database.prepare('DELETE FROM metric_buckets WHERE metric_id = ? AND level = ? AND bucket >= ?')
  const rewindChunks = chunkRewinder(database)
  const repairSummary = summaryRepairer(database)
  const deleteMetric = database.prepare('DELETE FROM metrics WHERE id = ?')
  return (id, step) => {
    const kept = firstPast.get(id, step) as number | undefined
    if (kept === undefined) return 0
    const deleted = deletePoints.run(id, step).changes
    for (let level = 1; 2 ** level <= kept + deleted; level++) {
      deleteBuckets.run(id, level, Math.floor(kept / 2 ** level))
    }
    rewindChunks(id, kept)
    if (kept === 0) deleteMetric.run(id)
    else repairSummary(id)
    return deleted
  }
}
