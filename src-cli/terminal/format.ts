import type { BestMetric } from '../../src-core/domain/metrics.ts'

const minute = 60_000
const hour = 60 * minute

/** 3 min 20 s, 2 h 05 min. */
export function formatDuration(milliseconds: number): string {
  const rounded = Math.round(milliseconds / 1000) * 1000
  if (rounded < minute) return `${rounded / 1000} s`
  const pad = (value: number): string => String(value).padStart(2, '0')
  if (rounded < hour) return `${Math.floor(rounded / minute)} min ${pad(Math.floor((rounded % minute) / 1000))} s`
  return `${Math.floor(rounded / hour)} h ${pad(Math.floor((rounded % hour) / minute))} min`
}

export function formatInteger(value: number): string {
  return value.toLocaleString('en-US')
}

export function formatNumber(value: number | null | undefined, decimals = 4): string {
  if (value === null || value === undefined) return '-'
  return Number.isFinite(value) ? value.toFixed(decimals) : String(value)
}

/** 0.9876 as 98.76. The unit belongs into the column's title. */
export function formatPercent(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : formatNumber(value * 100, 2)
}

/** The best validation result by the metric that selects it: "accuracy 98.76 %", "loss 0.0412", "top5 error 1.20 %". */
export function formatBest(best: BestMetric | null): string {
  if (!best) return '-'
  const name = best.metric.replace(/^validation\//, '').replace('-', ' ')
  return name === 'loss' ? `${name} ${formatNumber(best.value)}` : `${name} ${formatPercent(best.value)} %`
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB']
  const power = bytes > 0 ? Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10)) : 0
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`
}

const widestText = 120

/** Text behind a first part, wrapped at the terminal's width and indented alike in every line. */
export function wrapped(first: string, text: string, indent: number): string {
  const width = Math.max(indent + 20, Math.min(widestText, process.stdout.columns ?? widestText))
  const lines = text.split(' ').reduce<string[]>(
    (done, word) => {
      const line = done.at(-1)!
      if (line.length > indent && line.length + 1 + word.length > width) return [...done, ' '.repeat(indent) + word]
      return [...done.slice(0, -1), line.length > indent ? `${line} ${word}` : line + word]
    },
    [first],
  )
  return lines.join('\n')
}
