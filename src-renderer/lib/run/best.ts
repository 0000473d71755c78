import { higherIsBetter, metricNames, type BestMetric } from '../../../src-core/domain/metrics.ts'
import type { Run } from '../../../src-core/domain/run.ts'
import type { SelectionMetric } from '../../../src-core/domain/spec/training-spec.ts'
import { formatMetric, isShare, missing } from '../format.ts'

const titles: Readonly<Record<SelectionMetric, { readonly long: string; readonly short: string }>> = {
  'validation/accuracy': { long: 'validation accuracy', short: 'val. acc.' },
  'validation/loss': { long: 'validation loss', short: 'val. loss' },
  'validation/top5-error': { long: 'validation top-5 error', short: 'val. top-5 error' },
}

/** What decides which checkpoint of the run is the best: what the record says, or what the run will go by. */
export function selectionOf(run: Run): SelectionMetric {
  const metric = run.best?.metric
  return metric && metric in titles ? (metric as SelectionMetric) : run.spec.training.selection
}

/** "Best validation accuracy", "Best validation loss". */
export function bestLabel(run: Run): string {
  return `Best ${titles[selectionOf(run)].long}`
}

/** The best value with its unit; a loss has none. */
export function bestText({ best }: Pick<Run, 'best'>): string {
  if (!best) return missing
  return formatMetric(best.metric, best.value) + (isShare(best.metric) ? ' %' : '')
}

export interface BestHeading {
  readonly title: string
  readonly unit?: string
  /** Whether the runs go by different metrics, so that each cell must say its own. */
  readonly mixed: boolean
  /** The metric that they share; null when they go by different ones. */
  readonly metric: SelectionMetric | null
}

/** How a column with the best value of these runs is called: by their metric when they share one. */
export function bestHeading(runs: readonly Run[]): BestHeading {
  const [first = metricNames.validationAccuracy, ...others] = new Set(runs.map(selectionOf))
  if (others.length > 0) return { title: 'Best validation', mixed: true, metric: null }
  return { title: `Best ${titles[first].short}`, mixed: false, metric: first, ...(isShare(first) ? { unit: '%' } : {}) }
}

/** The best value as a cell of that column. */
export function bestCell({ best }: Run, { mixed }: Pick<BestHeading, 'mixed'>): string {
  if (!best) return missing
  const value = formatMetric(best.metric, best.value)
  if (!mixed) return value
  if (best.metric === metricNames.validationAccuracy) return `acc. ${value} %`
  return best.metric === metricNames.validationLoss ? `loss ${value}` : `top-5 ${value} %`
}

/** A number by which best values are sorted, larger is better; values of one metric stay together. */
export function goodness(best: BestMetric | null): number | null {
  if (!best) return null
  const group = { [metricNames.validationAccuracy]: 4, [metricNames.validationTop5Error]: 2 }[best.metric] ?? 0
  return group + (higherIsBetter(best.metric) ? best.value : -best.value)
}
