import type { UiResults } from './index.ts'

const titles: Readonly<Record<keyof UiResults['figures'], string>> = {
  startMs: 'start to usable window',
  tableReadyMs: 'table ready',
  sortMs: 'sort',
  filterMs: 'filter',
  scrollP95FrameMs: 'frame while scrolling, 95th percentile',
  chartFirstPaintMs: 'chart, first paint',
  zoomMs: 'chart, zoom',
  liveP95FrameMs: 'frame with 20 live runs, 95th percentile',
  redrawRatio: 'redraw after a long history over a short one',
  writeCostShare: 'pyramid and chunks, share of a step',
}

/** The figures as a table, TensorBoard's beside those that it has. */
export function printFigures({ sizes, figures, tensorboard, writeCost, stepMs }: UiResults): void {
  const { runs, curves, points } = sizes
  const lines = [`${runs} runs, ${curves} of them with ${points} points`]
  for (const [name, title] of Object.entries(titles)) {
    const value = figures[name as keyof typeof figures]
    const theirs = (tensorboard as Readonly<Record<string, number>> | null)?.[name]
    const text = value === null ? '-' : name.endsWith('Ms') ? `${value.toFixed(1)} ms` : value.toFixed(4)
    lines.push(`  ${title.padEnd(46)} ${text.padStart(12)}${theirs ? `   TensorBoard ${theirs} ms` : ''}`)
  }
  const cost = `${writeCost.all.toFixed(3)} ms, the points alone ${writeCost.points.toFixed(3)} ms`
  lines.push(`  recording a step of ${stepMs.toFixed(1)} ms: ${cost}`)
  process.stdout.write(`${lines.join('\n')}\n`)
}
