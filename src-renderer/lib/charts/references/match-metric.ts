import { metricTitle } from '../../../../src-core/domain/evaluation/metric-words.ts'

/** How other programs shorten the words of metrics. */
const longForms: Readonly<Record<string, string>> = {
  val: 'validation',
  valid: 'validation',
  eval: 'validation',
  training: 'train',
  testing: 'test',
  acc: 'accuracy',
  err: 'error',
  lr: 'learning rate',
}

/** A name as words that can be compared: “val_acc (%)” and `validation/accuracy` are the same. */
function wordsOf(name: string): string {
  const parts = name
    .toLowerCase()
    .replace(/\(.*?\)|\[.*?\]|%/g, ' ')
    .replace(/top[\s_-]*(\d)/g, 'top$1')
    .split(/[^\p{L}\p{N}]+/u)
  return parts
    .filter((part) => part !== '')
    .map((part) => longForms[part] ?? part)
    .join(' ')
}

/**
 * The metric that the name of a column means: its own name or title, in other spelling or shortened, or the only one
 * that ends so. Null when there is none or it could be several, such as “loss”.
 */
export function matchMetric(name: string, metrics: readonly string[]): string | null {
  const wanted = wordsOf(name)
  if (wanted === '') return null
  const same = metrics.find((metric) => wordsOf(metric) === wanted || wordsOf(metricTitle(metric)) === wanted)
  if (same !== undefined) return same
  const ending = metrics.filter((metric) => wordsOf(metric.slice(metric.indexOf('/') + 1)) === wanted)
  return ending.length === 1 ? ending[0]! : null
}
