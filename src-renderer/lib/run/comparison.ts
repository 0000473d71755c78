import { higherIsBetter } from '../../../src-core/domain/metrics.ts'
import type { LiveSeries } from '../charts/live-series.ts'
import { formatCount } from '../format.ts'
import { nullText } from '../spec/labels.ts'

/** The fields of a pool, a dropout or a table's row in one line: max 3 2. */
function objectText(value: object): string {
  return Object.values(value)
    .map((item) => configurationText(item))
    .join(' ')
}

/** A value as it is compared: text keeps its quotes only where it could be taken for a number. */
export function configurationText(value: unknown, path = ''): string {
  if (value === undefined) return 'not there'
  if (value === null) return nullText(path)
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map((item) => configurationText(item)).join(', ')
  if (typeof value === 'object') return objectText(value)
  if (typeof value === 'string' && value !== '' && !Number.isNaN(Number(value))) return JSON.stringify(value)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return String(value)
}

/** The same to be read rather than typed: counts by thousands. A seed is a name and no count. */
export function readableText(value: unknown, path: string): string {
  const isCount = typeof value === 'number' && Number.isInteger(value) && path !== 'training.seed'
  return isCount ? formatCount(value) : configurationText(value, path)
}

export interface Reached {
  readonly value: number
  readonly step: number
}

/** The best and the newest value of a series with their steps. */
export function bestAndLast(series: LiveSeries, metric: string): { best: Reached | null; last: Reached | null } {
  const { columns } = series
  const higher = higherIsBetter(metric)
  const extremes = higher ? columns.max : columns.min
  let best = -1
  extremes.forEach((value, i) => {
    if (Number.isNaN(value)) return
    if (best < 0 || (higher ? value > extremes[best]! : value < extremes[best]!)) best = i
  })
  const newest = series.length - 1
  return {
    best: best < 0 ? null : { value: extremes[best]!, step: columns.step[best]! },
    last: newest < 0 ? null : { value: columns.last[newest]!, step: columns.step[newest]! },
  }
}

/** Indices of the best values; none when fewer than two can be compared or all are the same. */
export function winners(values: readonly (number | null)[], higher: boolean): ReadonlySet<number> {
  const finite = values.filter((value): value is number => value !== null && Number.isFinite(value))
  const best = higher ? Math.max(...finite) : Math.min(...finite)
  if (finite.length < 2 || finite.every((value) => value === best)) return new Set()
  return new Set(values.flatMap((value, index) => (value === best ? [index] : [])))
}
