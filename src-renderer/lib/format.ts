import { isShare } from '../../src-core/domain/metrics.ts'

export { isShare }

/** Shown wherever there is no value (yet). */
export const missing = '–'

const grouped = new Intl.NumberFormat('en-GB')

export function formatCount(value: number | null | undefined): string {
  return value === null || value === undefined ? missing : grouped.format(value)
}

/** A large count with three significant figures: 61.1 M. */
export function formatCompact(value: number): string {
  const units = [
    { size: 1e9, suffix: ' G' },
    { size: 1e6, suffix: ' M' },
    { size: 1e3, suffix: ' k' },
  ]
  const unit = units.find(({ size }) => value >= size)
  return unit ? Number((value / unit.size).toPrecision(3)) + unit.suffix : String(Math.round(value))
}

/** A metric with a fixed number of decimals; what is not finite keeps its name. */
export function formatFixed(value: number | null | undefined, decimals: number): string {
  if (value === null || value === undefined) return missing
  return Number.isFinite(value) ? value.toFixed(decimals) : nameOfNonFinite(value)
}

function nameOfNonFinite(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  return value > 0 ? '∞' : '−∞'
}

/** A number as a person would type it: 0.001 and 1e-5, never 1.0000000000000001. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return nameOfNonFinite(value)
  const rounded = Number(value.toPrecision(6))
  const size = Math.abs(rounded)
  return size !== 0 && (size < 1e-4 || size >= 1e7) ? rounded.toExponential().replace('e+', 'e') : String(rounded)
}

/** A metric's value in its own precision: shares as percent, losses to four decimals, rates whole. */
export function formatMetric(metric: string, value: number | null | undefined): string {
  if (isShare(metric)) return formatPercent(value)
  if (metric.endsWith('learning-rate')) return value === null || value === undefined ? missing : formatNumber(value)
  return formatFixed(value, metric.startsWith('system/') ? 0 : 4)
}

/** A share as percent with two decimals, without the sign: the unit stands in the header. */
export function formatPercent(share: number | null | undefined): string {
  return formatFixed(share === null || share === undefined ? share : share * 100, 2)
}

/** 45 s, 4:05 min, 1:04:05 h. */
export function formatDuration(milliseconds: number | null | undefined): string {
  if (milliseconds === null || milliseconds === undefined || !Number.isFinite(milliseconds)) return missing
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 60) return `${seconds} s`
  const clock = formatClock(milliseconds)
  return seconds < 3600 ? `${clock} min` : `${clock} h`
}

/** m:ss or h:mm:ss, for axis ticks. */
export function formatClock(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  const two = (value: number): string => String(value).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`
}

/** A rough duration in words for estimates: about 4 minutes. */
export function formatEstimate(milliseconds: number): string {
  const minutes = milliseconds / 60_000
  if (minutes < 1) return `about ${Math.max(1, Math.round(milliseconds / 1000))} s`
  if (minutes < 90) return `about ${Math.round(minutes)} min`
  return `about ${Number((minutes / 60).toPrecision(2))} h`
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** power
  return `${power === 0 ? value : value.toFixed(value < 10 ? 2 : 1)} ${units[power]}`
}

// Made once: a formatter costs a hundred times what it takes to use it.
const clockFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })

/** Today as 14:05, this year as 3 Mar 14:05, otherwise with the year. */
export function formatDate(time: number, now = Date.now()): string {
  const date = new Date(time)
  const today = new Date(now)
  const clock = clockFormat.format(date)
  if (date.toDateString() === today.toDateString()) return clock
  const day = dayFormat.format(date)
  return date.getFullYear() === today.getFullYear() ? `${day} ${clock}` : `${day} ${date.getFullYear()}`
}

/** A shape as 28 × 28 × 1. */
export function formatShape(shape: readonly number[]): string {
  return shape.join(' × ')
}

/** One noun with its number: 1 run, 2 runs. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
}
