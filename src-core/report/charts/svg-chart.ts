import { escapeHtml } from '../escape.ts'
import type { Chart, ChartLine, RunLook } from '../report-document.ts'
import { placeLabels, withoutSharedStart } from './end-labels.ts'
import { scaleFor, tickText, type Scale } from './scale.ts'

const width = 900
const height = 300
const margin = { left: 64, top: 12, bottom: 46 }
const labelHeight = 14
const labelWidth = 184
const longestLabel = 26
/** With more lines than this their ends are too close to be told apart. */
const mostLabels = 12

/** Line patterns in pixels, those of the window. */
const dashes = ['', '6 3', '2 3', '8 3 2 3']

/** The attribute that gives a line its run's pattern; the colours stand in the style sheet. */
export function dashAttribute({ dash }: RunLook): string {
  const pattern = dashes[dash % dashes.length]!
  return pattern === '' ? '' : ` stroke-dasharray="${pattern}"`
}

function linePath({ x: xs, y: ys }: ChartLine, x: Scale, y: Scale): string {
  let pen = 'M'
  let path = ''
  for (let i = 0; i < xs.length; i++) {
    const value = ys[i]!
    if (Number.isFinite(value)) {
      path += `${pen}${x.at(xs[i]!).toFixed(1)} ${y.at(value).toFixed(1)}`
      pen = 'L'
    } else pen = 'M'
  }
  return path
}

function marksOf({ x: xs, y: ys }: ChartLine, x: Scale, y: Scale): string {
  return Array.from(xs, (step, i) =>
    Number.isFinite(ys[i]) ? `<circle cx="${x.at(step).toFixed(1)}" cy="${y.at(ys[i]!).toFixed(1)}" r="2.5"/>` : '',
  ).join('')
}

function drawLine(line: ChartLine, x: Scale, y: Scale): string {
  const dash = line.style === 'raw' ? '' : dashAttribute(line.look)
  const marks = line.style === 'marked' ? marksOf(line, x, y) : ''
  const title = `<title>${escapeHtml(line.label)}</title>`
  return `<g class="${line.style} k${line.look.color}">${title}<path${dash} d="${linePath(line, x, y)}"/>${marks}</g>`
}

function drawAxes(chart: Chart, x: Scale, y: Scale, right: number): string {
  const bottom = height - margin.bottom
  const grid = y.ticks.map((tick) => {
    const at = y.at(tick).toFixed(1)
    const label = `<text x="${margin.left - 8}" y="${at}" dy="4" text-anchor="end">${tickText(tick)}</text>`
    return `<path class="grid" d="M${margin.left} ${at}H${right}"/>${label}`
  })
  const below = x.ticks.map(
    (tick) => `<text x="${x.at(tick).toFixed(1)}" y="${bottom + 18}" text-anchor="middle">${tickText(tick)}</text>`,
  )
  const middle = (margin.top + bottom) / 2
  const titles =
    `<text x="${right}" y="${height - 8}" text-anchor="end">${escapeHtml(chart.xTitle)}</text>` +
    `<text transform="translate(14 ${middle}) rotate(-90)" text-anchor="middle">${escapeHtml(chart.yTitle)}</text>`
  return grid.join('') + below.join('') + titles
}

/** The last finite value of a line; null when it has none. */
function endOf({ x, y }: ChartLine): { x: number; y: number } | null {
  for (let i = y.length - 1; i >= 0; i--) if (Number.isFinite(y[i])) return { x: x[i]!, y: y[i]! }
  return null
}

/** By code points, so that no half of a character is left. */
export function shortened(text: string, longest = longestLabel): string {
  const signs = [...text.replace(/\s+/g, ' ')]
  return signs.length <= longest ? signs.join('') : `${signs.slice(0, longest - 1).join('')}…`
}

function drawLabels(lines: readonly ChartLine[], x: Scale, y: Scale, right: number): string {
  const ends = lines.flatMap((line) => {
    const end = endOf(line)
    return end ? [{ line, from: x.at(end.x), y: y.at(end.y), text: line.label }] : []
  })
  const apart = withoutSharedStart(ends.map(({ text }) => text))
  const places = placeLabels(ends, labelHeight, margin.top + 4, height - margin.bottom)
  return ends
    .map(({ line, from, y: end }, index) => {
      const at = places[index]!.toFixed(1)
      const lead = `<path class="lead" d="M${from.toFixed(1)} ${end.toFixed(1)}L${right + 8} ${at}"/>`
      // Isolated: a name that is written from right to left must not turn its neighbours around.
      const name = `<text class="end" x="${right + 12}" y="${at}" dy="4">${escapeHtml(`\u2068${shortened(apart[index]!)}\u2069`)}</text>`
      return `<g class="k${line.look.color}">${lead}${name}</g>`
    })
    .join('')
}

/** A line chart as one inline SVG; values that are not finite leave a gap. Colours are classes of the style sheet. */
export function svgChart(chart: Chart): string {
  const named = chart.lines.filter(({ style }) => style !== 'raw')
  const labelled = named.length > 1 && named.length <= mostLabels
  const right = width - (labelled ? labelWidth : 16)
  const x = scaleFor(
    chart.lines.flatMap((line) => Array.from(line.x)),
    margin.left,
    right,
    'at-data',
  )
  const y = scaleFor(
    chart.lines.flatMap((line) => Array.from(line.y)),
    height - margin.bottom,
    margin.top,
    'at-tick',
  )
  const lines = chart.lines.map((line) => drawLine(line, x, y)).join('')
  const labels = labelled ? drawLabels(named, x, y, right) : ''
  return (
    `<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(chart.title)}">` +
    `${drawAxes(chart, x, y, right)}${lines}${labels}</svg>`
  )
}
