import { higherIsBetter, type BestMetric, type StepRecord } from '../../domain/metrics.ts'
import type { SelectionMetric } from '../../domain/spec/training-spec.ts'
import type { MetricReader } from '../../storage/records/metrics/metrics.ts'

/** The best validation result so far after these values; of equal ones the first counts. */
export function raiseBest(
  before: BestMetric | null,
  records: readonly StepRecord[],
  metric: SelectionMetric,
): BestMetric | null {
  return records.reduce(
    (best, { step, epoch, metrics }) => better(best, { metric, step, epoch, value: metrics[metric] ?? NaN }),
    before,
  )
}

/** The best validation result among the recorded ones up to a step. */
export function recordedBest(
  metrics: MetricReader,
  runId: string,
  metric: SelectionMetric,
  lastStep: number,
): BestMetric | null {
  let best: BestMetric | null = null
  for (const { step, epoch, value } of metrics.export(runId, metric)) {
    if (step <= lastStep) best = better(best, { metric, step, epoch, value })
  }
  return best
}

function better(best: BestMetric | null, found: BestMetric): BestMetric | null {
  if (!Number.isFinite(found.value)) return best
  if (!best) return found
  const improved = higherIsBetter(found.metric) ? found.value > best.value : found.value < best.value
  return improved ? found : best
}
