import { isShare, possibleRange } from '../metrics.ts'
import { significanceLevel, type Interval } from '../statistics/tests/distributions.ts'

/** A minus sign that is as wide as a plus. */
function signed(text: string): string {
  return text.replace('-', '−')
}

/** Numbers of one metric with the same decimals: shares in percent, losses to four, others to three figures. */
export function numberText(metric: string, value: number): string {
  if (isShare(metric)) return signed((value * 100).toFixed(2))
  if (/loss$/.test(metric)) return signed(value.toFixed(4))
  return signed(String(Number(value.toPrecision(3))))
}

/** "91.40 %", "0.0412". */
export function valueText(metric: string, value: number): string {
  return numberText(metric, value) + (isShare(metric) ? ' %' : '')
}

/** "0.80 points" of a share, "0.0123" of a loss. */
export function differenceText(metric: string, difference: number): string {
  return numberText(metric, difference) + (isShare(metric) ? ' points' : '')
}

/** "[0.30, 1.30]", in the unit of the difference. */
export function intervalText(metric: string, [low, high]: Interval): string {
  return `[${numberText(metric, low)}, ${numberText(metric, high)}]`
}

/** The interval of a mean without what the metric cannot be: Student's t knows no bounds, and is wide with few seeds. */
export function withinRange(metric: string, [low, high]: Interval): Interval {
  const { min: least, max: most } = possibleRange(metric)
  return [Math.max(least, low), Math.min(most, high)]
}

function isCut(metric: string, interval: Interval): boolean {
  const [low, high] = withinRange(metric, interval)
  return low !== interval[0] || high !== interval[1]
}

/** "[80.01, 100.00]*" of the interval of a mean, the star where it is cut at what the metric can be. */
export function meanIntervalText(metric: string, interval: Interval): string {
  return intervalText(metric, withinRange(metric, interval)) + (isCut(metric, interval) ? '*' : '')
}

/** What the star of `meanIntervalText` means; empty where no interval has one. */
export function cutIntervalsText(metric: string, intervals: readonly (Interval | null)[]): string {
  if (!intervals.some((one) => one && isCut(metric, one))) return ''
  const { min: least, max: most } = possibleRange(metric)
  const bounds =
    most === Infinity ? `below ${least}` : `beyond ${valueText(metric, least)} or ${valueText(metric, most)}`
  return `* Cut: the t-interval of so few seeds goes ${bounds}, which cannot be.`
}

/** "95 %", "98.3 %", "99.95 %": the level of an interval. */
export function levelText(level: number): string {
  const percent = level * 100
  return `${Number(percent.toFixed(percent < 99.9 ? 1 : 2))} %`
}

/** "p = 0.024", "p < 0.001". */
export function pText(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${probabilityText(p)}`
}

/** 0.024, 0.42, < 0.001; with a decimal more beside the level of 5 %, so that it is seen on which side it lies. */
export function probabilityText(p: number): string {
  if (p < 0.001) return '< 0.001'
  const isClose = Math.abs(p - significanceLevel) < 0.0005 && p !== significanceLevel
  return p.toFixed(p < 0.01 || isClose ? 4 : p < 0.1 ? 3 : 2)
}

/** 1 seed, 2 seeds. */
export function countText(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`
}

/** "a", "a and b", "a, b and c". */
export function listText(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)!}`
}
