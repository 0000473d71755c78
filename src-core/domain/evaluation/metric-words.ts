import { isShare, metricNames } from '../metrics.ts'

const parts: Readonly<Record<string, string>> = { pretraining: 'Pre-training' }

/** Those that are called otherwise than their names say, because only training has them. */
const titles: Readonly<Record<string, string>> = {
  [metricNames.gradientNorm]: 'Gradient norm',
  [metricNames.learningRate]: 'Learning rate',
}

/** In headers of narrow columns. The learning rate now is not that of the spec, which has a column too. */
const shortTitles: Readonly<Record<string, string>> = {
  [metricNames.learningRate]: 'Rate now',
  [metricNames.imagesPerSecond]: 'Images/s',
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function wordsOf(name: string): string {
  return name
    .replace(/-mib$/, '')
    .replaceAll('-', ' ')
    .replace(/\btop ?(\d)/, 'top-$1')
}

/** What a metric is called: "Validation top-5 error" for `validation/top5-error`, "Memory" for `system/memory-mib`. */
export function metricTitle(metric: string): string {
  const known = titles[metric]
  if (known !== undefined) return known
  const [part = '', ...rest] = metric.split('/')
  if (rest.length === 0) return metric
  const name = rest.map(wordsOf).join(' ')
  return part === 'system' ? capital(name) : `${parts[part] ?? capital(part)} ${name}`
}

/** The same for a narrow column: "Val. acc.". */
export function shortMetricTitle(metric: string): string {
  return (
    shortTitles[metric] ??
    metricTitle(metric)
      .replace(/^Validation/, 'Val.')
      .replace(/accuracy$/, 'acc.')
  )
}

/** The unit in which values are shown: %, MiB, or none. */
export function metricUnit(metric: string): string {
  if (isShare(metric)) return '%'
  return metric.endsWith('-mib') ? 'MiB' : ''
}

/** The title with the unit behind it: "Validation accuracy (%)". */
export function metricTitleWithUnit(metric: string): string {
  return metricTitle(metric) + unitInBrackets(metric)
}

/** " (%)", for whatever stands before a column of such values; empty without a unit. */
export function unitInBrackets(metric: string): string {
  const unit = metricUnit(metric)
  return unit === '' ? '' : ` (${unit})`
}
