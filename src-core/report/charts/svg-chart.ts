import { escapeHtml } from '../../src-core/report/escape.ts'

export interface ChartLine {
  readonly label: string
  readonly color: string
  readonly points: readonly { readonly x: number; readonly y: number }[]
  /** Drawn faint behind the smoothed line, or as separate dots. */
  readonly style: 'raw' | 'smooth' | 'dots'
}

export interface ChartOptions {
  readonly title: string
  readonly xTitle: string
  readonly yTitle: string
  readonly lines: readonly ChartLine[]
}

const width = 720
const height = 300
const margin = { left: 64, right: 16, top: 12, bottom: 44 }
const wantedTicks = 5

interface Scale {
  readonly ticks: readonly number[]
  readonly at: (value: number) => number
}

/** Round steps of 1, 2 or 5 times a power of ten, about `wantedTicks` of them. */
export function niceTicks(low: number, high: number): number[] {
  const range = high > low ? high - low : Math.abs(high) || 1
  const power = 10 ** Math.floor(Math.log10(range / wantedTicks))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => range / candidate <= wantedTicks)!
  const first = Math.floor(low / step) * step
  const count = Math.ceil((high - first) / step - 1e-9) + 1
  return Array.from({ length: Math.max(2, count) }, (_, index) => Number((first + index * step).toPrecision(12)))
}

/**
 * Values that do not ruin the scale: a run that diverges passes 10^18 on its way, and beside that all others lie on the
 * axis. What is above a hundred times the median is cut off at that.
 */
export function withoutExplosions(values: readonly number[]): number[] {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b)
  const limit = 100 * Math.abs(sorted[sorted.length >> 1] ?? 0)
  return limit > 0 ? sorted.filter((value) => value <= limit) : sorted
}

/** The value axis ends at round numbers; the step axis ends where the data end. */
function scaleFor(values: readonly number[], from: number, to: number, end: 'at-tick' | 'at-data'): Scale {
  const finite = end === 'at-tick' ? withoutExplosions(values) : values.filter(Number.isFinite)
  const highest = Math.max(...finite)
  const ticks = finite.length > 0 ? niceTicks(Math.min(...finite), highest) : [0, 1]
  const low = ticks[0]!
  const high = end === 'at-data' && highest > low ? highest : ticks.at(-1)!
  return {
    ticks: ticks.filter((tick) => tick <= high),
    at: (value) => from + ((Math.min(value, high) - low) / (high - low)) * (to - from),
  }
}

function linePath(line: ChartLine, x: Scale, y: Scale): string {
  let pen = 'M'
  return line.points
    .map((point) => {
      if (!Number.isFinite(point.y)) {
        pen = 'M'
        return ''
      }
      const part = `${pen}${x.at(point.x).toFixed(1)} ${y.at(point.y).toFixed(1)}`
      pen = 'L'
      return part
    })
    .join('')
}

function drawLine(line: ChartLine, x: Scale, y: Scale): string {
  const title = `<title>${escapeHtml(line.label)}</title>`
  if (line.style !== 'dots') {
    return `<path class="${line.style}" stroke="${line.color}" d="${linePath(line, x, y)}">${title}</path>`
  }
  const finite = line.points.filter((point) => Number.isFinite(point.y))
  const dots = finite.map(
    (point) => `<circle cx="${x.at(point.x).toFixed(1)}" cy="${y.at(point.y).toFixed(1)}" r="3" fill="${line.color}"/>`,
  )
  return `<g>${title}<path class="joint" stroke="${line.color}" d="${linePath(line, x, y)}"/>${dots.join('')}</g>`
}

function drawAxes(options: ChartOptions, x: Scale, y: Scale): string {
  const bottom = height - margin.bottom
  const grid = y.ticks.map((tick) => {
    const at = y.at(tick).toFixed(1)
    return (
      `<path class="grid" d="M${margin.left} ${at}H${width - margin.right}"/>` +
      `<text x="${margin.left - 8}" y="${at}" dy="4" text-anchor="end">${tick}</text>`
    )
  })
  const below = x.ticks.map(
    (tick) => `<text x="${x.at(tick).toFixed(1)}" y="${bottom + 18}" text-anchor="middle">${tick}</text>`,
  )
  const middle = (margin.top + bottom) / 2
  const titles =
    `<text x="${width - margin.right}" y="${height - 6}" text-anchor="end">${escapeHtml(options.xTitle)}</text>` +
    `<text transform="translate(14 ${middle}) rotate(-90)" text-anchor="middle">${escapeHtml(options.yTitle)}</text>`
  return grid.join('') + below.join('') + titles
}

/** A line chart as one inline SVG; values that are not finite leave a gap. */
export function svgChart(options: ChartOptions): string {
  const points = options.lines.flatMap((line) => line.points)
  const x = scaleFor(
    points.map((point) => point.x),
    margin.left,
    width - margin.right,
    'at-data',
  )
  const y = scaleFor(
    points.map((point) => point.y),
    height - margin.bottom,
    margin.top,
    'at-tick',
  )
  const lines = options.lines.map((line) => drawLine(line, x, y)).join('')
  return (
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(options.title)}">` +
    `${drawAxes(options, x, y)}${lines}</svg>`
  )
}
