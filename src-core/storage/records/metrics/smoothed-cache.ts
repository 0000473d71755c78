import { smoothAt, type Smoothing, type SmoothingState } from '../../../domain/statistics/series-smoothing.ts'
import type { ReadableDatabase } from '../../database.ts'
import { wholeSeriesReader, type WholeSeries } from './chunks.ts'

/** The smoothed values at some places of a series, and how smoothing goes on after its end. */
export interface SmoothedValues {
  readonly smoothed: Float64Array<ArrayBuffer>
  readonly state: SmoothingState
}

/** Smooths the values of a metric at the given places (ordinals, ascending). */
export type SmoothedReader = (metricId: number, ordinals: Int32Array, smoothing: Smoothing) => SmoothedValues

/** Bytes of series that are kept: two hundred histories of 100,000 values. */
const keptBytes = 240 * 2 ** 20

interface Entry {
  /**
   * What the series was when it was read: points are only added at the end, or taken away there. The last one's time
   * tells a history from the one that took its place after a rewind.
   */
  readonly stamp: string
  readonly series: WholeSeries
}

/** A function that smooths; the series that were read last stay in memory, for the next zoom or another smoothing. */
export function smoothedReader(database: ReadableDatabase): SmoothedReader {
  const stampOf = database
    .prepare<[number], string>(
      `SELECT run_id || name || ' ' || points || ' ' || last_step || ' ' || wall_time
       FROM metrics JOIN metric_points ON metric_id = id AND step = last_step WHERE id = ?`,
    )
    .pluck()
  const read = wholeSeriesReader(database)
  const entries = new Map<number, Entry>()
  return (metricId, ordinals, smoothing) => {
    const withSteps = smoothing.kind === 'time-weighted'
    const stamp = `${stampOf.get(metricId)} ${withSteps}`
    const present = entries.get(metricId)
    const series = present?.stamp === stamp ? present.series : read(metricId, withSteps)
    // A Map keeps the order of insertion: what was asked for last goes to the end.
    entries.delete(metricId)
    entries.set(metricId, { stamp, series })
    forgetOldest(entries)
    return smoothAt(series.steps, series.values, ordinals, smoothing)
  }
}

function forgetOldest(entries: Map<number, Entry>): void {
  let bytes = 0
  for (const { series } of entries.values()) bytes += bytesOf(series)
  for (const [id, { series }] of entries) {
    if (bytes <= keptBytes || entries.size === 1) return
    entries.delete(id)
    bytes -= bytesOf(series)
  }
}

function bytesOf({ values, steps }: WholeSeries): number {
  return values.byteLength + steps.byteLength
}
