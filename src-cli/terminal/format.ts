import type { BestMetric } from '../../src-core/domain/metrics.ts'
import { formatNumber, formatPercent } from '../../src-core/report/format.ts'

export { formatDuration, formatInteger, formatNumber, formatPercent } from '../../src-core/report/format.ts'

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
