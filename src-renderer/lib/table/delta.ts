import type { MetricDirection } from '../../../src-core/domain/metrics.ts'
import type { Run } from '../../../src-core/domain/run.ts'
import type { TableColumn } from './columns.ts'

export interface Delta {
  /** Signed: +0.12 or −0.12. */
  readonly text: string
  readonly kind: 'better' | 'worse' | 'unknown' | 'same'
}

/** How a run differs from the baseline in a column of results; null where there is nothing to say. */
export function deltaOf(column: TableColumn, direction: MetricDirection, run: Run, baseline: Run): Delta | null {
  if (!column.format) return null
  return deltaBetween(column.value(run), column.value(baseline), column.format, direction)
}

export function deltaBetween(
  value: unknown,
  base: unknown,
  format: (value: number) => string,
  direction: MetricDirection,
): Delta | null {
  if (typeof value !== 'number' || typeof base !== 'number') return null
  const difference = value - base
  if (!Number.isFinite(difference)) return null
  if (difference === 0) return { text: '±0', kind: 'same' }
  const text = (difference > 0 ? '+' : '−') + format(Math.abs(difference))
  if (direction === 'none') return { text, kind: 'unknown' }
  return { text, kind: difference > 0 === (direction === 'higher') ? 'better' : 'worse' }
}
