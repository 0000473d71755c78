import { openForWriting } from '../../src-core/storage/database.ts'
import { chunkSize } from '../../src-core/storage/records/metrics/chunks.ts'
import { summaryRepairer } from '../../src-core/storage/records/metrics/summary.ts'
import { join } from 'node:path'

/** A history to write: one value per step, from step 1. */
export interface GeneratedHistory {
  readonly runId: string
  readonly metric: string
  readonly values: Float64Array
  readonly stepsPerEpoch: number
}

/**
 * Writes whole histories straight into the tables of a closed workspace, with what the record derives from them. Ten
 * times as fast as recording them value by value; a test compares both.
 */
export function writeHistories(directory: string, histories: Iterable<GeneratedHistory>): void {
  const database = openForWriting(join(directory, 'ablate.db'))
  try {
    database.pragma('synchronous = OFF')
    const metric = database.prepare('INSERT INTO metrics (run_id, name) VALUES (?, ?)')
    const point = database.prepare('INSERT INTO metric_points VALUES (?, ?, ?, ?, ?, ?, 0, ?)')
    const bucket = database.prepare('INSERT INTO metric_buckets VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)')
    const chunk = database.prepare('INSERT INTO metric_chunks VALUES (?, ?, ?, ?, ?)')
    const sumUp = summaryRepairer(database)
    const write = database.transaction(({ runId, metric: name, values, stepsPerEpoch }: GeneratedHistory) => {
      const id = Number(metric.run(runId, name).lastInsertRowid)
      const timesAt = (step: number): [number, number, number, number] => [
        step,
        step / stepsPerEpoch,
        1.7e12 + step * 100,
        step * 100,
      ]
      values.forEach((value, ordinal) => {
        const [step, epoch, wall, active] = timesAt(ordinal + 1)
        point.run(id, step, ordinal, epoch, wall, active, value)
      })
      let [lows, highs] = [values, values]
      for (let level = 1; 2 ** level <= values.length; level++) {
        lows = halved(lows, Math.min)
        highs = halved(highs, Math.max)
        for (let index = 0; index < lows.length; index++) {
          const last = (index + 1) * 2 ** level
          bucket.run(id, level, index, ...timesAt(last), values[last - 1], lows[index], highs[index])
        }
      }
      for (let index = 0; (index + 1) * chunkSize <= values.length; index++) {
        const steps = Int32Array.from({ length: chunkSize }, (_, offset) => index * chunkSize + offset + 1)
        const part = values.slice(index * chunkSize, (index + 1) * chunkSize)
        chunk.run(id, index, (index + 1) * chunkSize, Buffer.from(part.buffer), Buffer.from(steps.buffer))
      }
      sumUp(id)
    })
    for (const history of histories) write(history)
  } finally {
    database.close()
  }
}

/** The smaller or larger one of each full pair of neighbours. */
function halved(values: Float64Array, choose: (a: number, b: number) => number): Float64Array {
  return Float64Array.from({ length: values.length >> 1 }, (_, i) => choose(values[2 * i]!, values[2 * i + 1]!))
}
