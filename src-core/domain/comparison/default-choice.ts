import { hasBest, metricNames } from '../metrics.ts'
import type { Run } from '../run.ts'
import type { MetricChoice } from './readings.ts'

/**
 * What decides by itself, the first that all of the runs have logged: the same wherever runs are compared, so that one
 * comparison does not rank them in two ways. Validation comes before test: it is known along the way, at any budget.
 */
const preferred = [
  metricNames.validationAccuracy,
  metricNames.validationLoss,
  metricNames.testAccuracy,
  metricNames.trainAccuracy,
  metricNames.trainLoss,
]

/**
 * Best or last: of the test images only the last value is fair, since choosing the best of several would be choosing by
 * the test images; and no value is the best where neither way is better.
 */
export function defaultReading(metric: string): MetricChoice['reading'] {
  return metric.startsWith('test/') || !hasBest(metric) ? 'last' : 'best'
}

/** The metric that was chosen and the reading, as far as they fit what there is; what suits the runs otherwise. */
export function choiceAmong(
  metrics: readonly string[],
  kept: { readonly metric: string | null; readonly reading: MetricChoice['reading'] | null },
  fallback: string,
): MetricChoice {
  const fits = kept.metric !== null && metrics.includes(kept.metric)
  const metric = fits ? kept.metric! : fallback
  const reading = fits && hasBest(metric) ? kept.reading : null
  return { metric, reading: reading ?? defaultReading(metric) }
}

/** All metrics that any of the runs has logged, in alphabetical order. */
export function knownMetrics(runs: readonly Pick<Run, 'last'>[]): string[] {
  return [...new Set(runs.flatMap(({ last }) => Object.keys(last)))].sort()
}

/**
 * The metric by which runs are compared when nobody chose one. At a budget it must have been logged along the way, which
 * the test images are not.
 */
export function defaultMetric(
  runs: readonly Pick<Run, 'last'>[],
  { atBudget }: { readonly atBudget: boolean },
): string {
  const candidates = preferred.filter((metric) => !atBudget || !metric.startsWith('test/'))
  const logged = (metric: string) => (run: Pick<Run, 'last'>) => metric in run.last
  const found = candidates.find((metric) => runs.every(logged(metric)))
  return found ?? candidates.find((metric) => runs.some(logged(metric))) ?? metricNames.validationAccuracy
}
