import type { RunReading } from '../../../src-core/domain/comparison/measured-groups.ts'
import { readSeries, type MetricChoice } from '../../../src-core/domain/comparison/readings.ts'
import { metricTitle } from '../../../src-core/domain/evaluation/metric-words.ts'
import type { LiveSeries } from '../charts/live-series.ts'

/**
 * What each run came to, by id, or that it has no value. Null while the series of some are still on their way: a run that
 * was added a moment ago is not one without values.
 * @param find the series of a run; null until it has come.
 */
export function runReadings(
  runIds: readonly string[],
  choice: MetricChoice,
  find: (runId: string) => Pick<LiveSeries, 'columns'> | null,
): ReadonlyMap<string, RunReading> | null {
  const missing = `has no ${metricTitle(choice.metric).toLowerCase()}`
  const readings = new Map<string, RunReading>()
  for (const runId of runIds) {
    const series = find(runId)
    if (!series) return null
    readings.set(runId, readSeries(series.columns, choice) ?? { missing })
  }
  return readings
}
