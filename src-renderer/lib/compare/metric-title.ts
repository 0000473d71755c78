import { isShare } from '../../../src-core/domain/metrics.ts'

/** A metric's name as a person reads it: validation/top1-error is Validation top-1 error. */
export function metricTitle(metric: string): string {
  const words = metric
    .replaceAll('/', ' ')
    .replace(/top(\d)/, 'top~$1')
    .replaceAll('-', ' ')
    .replace('~', '-')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What stands in parentheses after a column of such values. */
export function metricUnit(metric: string): string {
  return isShare(metric) ? ' (%)' : ''
}
