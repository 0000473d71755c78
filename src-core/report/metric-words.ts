import { metricTitle } from '../domain/evaluation/metric-words.ts'
import { higherIsBetter } from '../domain/metrics.ts'
import { formatNumber } from './format.ts'

/** How a metric is shown: its name in words, its unit, and by what its values are multiplied. */
export interface MetricWords {
  readonly title: string
  readonly unit: string
  readonly factor: number
  readonly decimals: number
}

const units: readonly {
  readonly pattern: RegExp
  readonly unit: string
  readonly factor: number
  readonly decimals: number
}[] = [
  { pattern: /^pretraining\/.*\/error$/, unit: 'mean squared error', factor: 1, decimals: 4 },
  { pattern: /(accuracy|top[15]-error)$/, unit: '%', factor: 100, decimals: 2 },
  { pattern: /loss$/, unit: 'cross-entropy', factor: 1, decimals: 4 },
  { pattern: /images-per-second$/, unit: 'images/s', factor: 1, decimals: 0 },
  { pattern: /mib$/, unit: 'MiB', factor: 1, decimals: 0 },
]

export function metricWords(metric: string): MetricWords {
  const { unit, factor, decimals } = units.find(({ pattern }) => pattern.test(metric)) ?? {
    unit: '',
    factor: 1,
    decimals: 4,
  }
  return { title: metricTitle(metric), unit, factor, decimals }
}

/** "Validation accuracy, %": for the head of a column, which holds the unit. */
export function metricHead(metric: string): string {
  const { title, unit } = metricWords(metric)
  return unit === '%' || unit === 'MiB' || unit === 'images/s' ? `${title}, ${unit}` : title
}

/** A value without its unit. */
export function metricText(metric: string, value: number | null | undefined): string {
  const { factor, decimals } = metricWords(metric)
  return value === null || value === undefined ? '-' : formatNumber(value * factor, decimals)
}

export interface BestValue {
  readonly value: number
  readonly step: number
  readonly epoch: number
}

/** The best finite value of a series and the drawn point in which it lies; null without one. */
export function bestOf(
  metric: string,
  columns: { readonly [Name in 'step' | 'epoch' | 'min' | 'max']: ArrayLike<number> },
): BestValue | null {
  const higher = higherIsBetter(metric)
  const values = higher ? columns.max : columns.min
  let best = -1
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue
    if (best < 0 || (higher ? values[i]! > values[best]! : values[i]! < values[best]!)) best = i
  }
  return best < 0 ? null : { value: values[best]!, step: columns.step[best]!, epoch: columns.epoch[best]! }
}
