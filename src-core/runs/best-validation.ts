import { metricNames, type BestMetric, type StepRecord } from '../domain/metrics.ts'
import type { MetricReader } from '../storage/records/metrics.ts'

const metric = metricNames.validationAccuracy

/** The best validation result so far after these values; of equal ones the first counts. */
export function raiseBest(before: BestMetric | null, records: readonly StepRecord[]): BestMetric | null {
  return records.reduce((best, { step, epoch, metrics }) => better(best, step, epoch, metrics[metric]), before)
}

/** The best validation result among the recorded ones up to a step. */
export function recordedBest(metrics: MetricReader, runId: string, lastStep: number): BestMetric | null {
  let best: BestMetric | null = null
  for (const { step, epoch, value } of metrics.export(runId, metric)) {
    if (step <= lastStep) best = better(best, step, epoch, value)
  }
  return best
}

function better(best: BestMetric | null, step: number, epoch: number, value = NaN): BestMetric | null {
  if (!Number.isFinite(value) || (best && value <= best.value)) return best
  return { metric, value, step, epoch }
}
