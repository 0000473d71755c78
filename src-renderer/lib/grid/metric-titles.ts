/** A metric's name as a title: "Validation accuracy", "Train gradient norm". */
export function metricTitle(metric: string): string {
  const words = metric
    .replace(/^system\//, '')
    .replaceAll(/[/-]/g, ' ')
    .replace(/top(\d) error/, 'top-$1 error')
    .replace(/top1/, 'top-1')
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}
