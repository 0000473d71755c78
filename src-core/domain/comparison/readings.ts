import { higherIsBetter, type MetricSummary } from '../metrics.ts'

/** A series as columns in the order of steps, whatever kind of array holds them. Buckets have extremes and a last value. */
export interface SeriesColumns {
  readonly step: ArrayLike<number>
  readonly epoch: ArrayLike<number>
  /** Milliseconds of training. */
  readonly activeTime: ArrayLike<number>
  readonly last: ArrayLike<number>
  readonly min: ArrayLike<number>
  readonly max: ArrayLike<number>
}

/** Which number of a run decides: the best or the last value of a metric. */
export interface MetricChoice {
  readonly metric: string
  readonly reading: 'best' | 'last'
}

/** A value and the step at which it was reached (within a bucket: the bucket's last). */
export interface Reached {
  readonly value: number
  readonly step: number
}

/** The better of two values; a value that is not finite is never better. */
export function isBetter(value: number, than: number, metric: string): boolean {
  if (!Number.isFinite(value)) return false
  if (!Number.isFinite(than)) return true
  return higherIsBetter(metric) ? value > than : value < than
}

/**
 * The best or last value among the first `count` points; null when they hold none. The best is always finite (the first
 * where equal ones are), the last may be NaN or infinite.
 */
export function readSeries(
  columns: SeriesColumns,
  { metric, reading }: MetricChoice,
  count = columns.step.length,
): Reached | null {
  if (count === 0) return null
  if (reading === 'last') return { value: columns.last[count - 1]!, step: columns.step[count - 1]! }
  const extremes = higherIsBetter(metric) ? columns.max : columns.min
  let best = -1
  for (let i = 0; i < count; i++) {
    if (isBetter(extremes[i]!, best < 0 ? NaN : extremes[best]!, metric)) best = i
  }
  return best < 0 ? null : { value: extremes[best]!, step: columns.step[best]! }
}

/** The same of all values of a metric, from their summary. */
export function readSummary(summary: MetricSummary | undefined, { metric, reading }: MetricChoice): Reached | null {
  if (!summary) return null
  const { last, lastStep, min, minStep, max, maxStep } = summary
  if (reading === 'last') return { value: last, step: lastStep }
  const [value, step] = higherIsBetter(metric) ? [max, maxStep] : [min, minStep]
  return value === null || step === null ? null : { value, step }
}

/** Points as columns. */
export function columnsOf(points: readonly Record<keyof SeriesColumns, number>[]): SeriesColumns {
  const column = (name: keyof SeriesColumns): number[] => points.map((point) => point[name])
  return {
    step: column('step'),
    epoch: column('epoch'),
    activeTime: column('activeTime'),
    last: column('last'),
    min: column('min'),
    max: column('max'),
  }
}
