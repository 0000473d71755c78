import {
  bandBetween,
  clipOf,
  lineThrough,
  movedBy,
  rawBehind,
  toPixel,
  whiskersOf,
  type PathScales,
  type PlotArea,
} from '../drawing/pixel-paths.ts'
import { placeAt, visiblePoints, type Places } from '../places.ts'

/** A chart as lines and words, from which an SVG file is written. Sizes are pixels. */
export interface SvgChart {
  readonly title: string
  readonly xTitle: string
  readonly yTitle: string
  readonly width: number
  readonly height: number
  readonly area: PlotArea
  readonly scales: PathScales
  readonly xTicks: readonly SvgTick[]
  readonly yTicks: readonly SvgTick[]
  readonly marks: readonly SvgTick[]
  readonly lines: readonly SvgLine[]
  readonly colors: { readonly ink: string; readonly quiet: string; readonly grid: string; readonly surface: string }
}

export interface SvgTick {
  /** In units of the axis. */
  readonly value: number
  readonly text: string
}

export interface SvgLine {
  readonly label: string
  /** What the look of the line stands for where several lines share it. */
  readonly stands: string | null
  readonly color: string
  readonly dash: readonly number[]
  /** Few values: each has a marker. */
  readonly sparse: boolean
  readonly places: Places
  readonly smoothed: ArrayLike<number>
  readonly span: { readonly min: ArrayLike<number>; readonly max: ArrayLike<number> } | null
  readonly band: boolean
  /** Pixels beside its place, because others stand at the same one. */
  readonly aside: number
}

const font = 'font-family="Inter, system-ui, sans-serif" font-size="11"'
const legendRow = 18
const headRoom = 24
/** For the title of the value axis, which stands upright at the left. */
const sideRoom = 18

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

/** A path's moves as the `d` of an SVG path, with a tenth of a pixel. */
class PathText {
  text = ''
  moveTo(x: number, y: number): void {
    this.text += `M${tenth(x)} ${tenth(y)}`
  }
  lineTo(x: number, y: number): void {
    this.text += `L${tenth(x)} ${tenth(y)}`
  }
  closePath(): void {
    this.text += 'Z'
  }
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10
}

/** The drawing as a file of its own: axes, marks, bands, lines, and below what their looks stand for. */
export function svgChart(chart: SvgChart): string {
  const { title, width, height, area, colors, lines } = chart
  const entries = legendEntries(lines)
  const legendHeight = lines.length > 1 ? entries.length * legendRow + 8 : 0
  const total = headRoom + height + legendHeight
  const full = width + sideRoom
  const visible = clipOf(area)
  const clip = `<clipPath id="plot"><rect x="${visible.x}" y="${visible.y}" width="${visible.width}" height="${visible.height}"/></clipPath>`
  const drawn = lines.map((line) => drawing(line, movedBy(chart.scales, line.aside), colors.surface)).join('')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${full}" height="${total}" viewBox="0 0 ${full} ${total}" role="img" aria-label="${escape(title)}">`,
    `<rect width="100%" height="100%" fill="${colors.surface}"/><defs>${clip}</defs>`,
    `<text x="8" y="16" ${font} font-weight="600" fill="${colors.ink}">${escape(title)}</text>`,
    yAxisTitle(chart),
    `<g transform="translate(${sideRoom} ${headRoom})">${axes(chart)}<g clip-path="url(#plot)">${drawn}</g></g>`,
    legendHeight > 0 ? `<g transform="translate(8 ${headRoom + height + 8})">${legend(entries, colors.ink)}</g>` : '',
    '</svg>\n',
  ].join('\n')
}

function yAxisTitle({ area, yTitle, colors }: SvgChart): string {
  const middle = headRoom + (area.top + area.bottom) / 2
  return `<text transform="translate(16 ${tenth(middle)}) rotate(-90)" ${font} fill="${colors.quiet}" text-anchor="middle">${escape(yTitle)}</text>`
}

/** Each line by its name, or the looks that several share, each once with its number of lines. */
function legendEntries(lines: readonly SvgLine[]): Pick<SvgLine, 'label' | 'color' | 'dash'>[] {
  const entries = new Map<string, { line: SvgLine; count: number }>()
  for (const line of lines) {
    const key = JSON.stringify([line.stands ?? line.label, line.color, line.dash])
    entries.set(key, { line, count: (entries.get(key)?.count ?? 0) + 1 })
  }
  return [...entries.values()].map(({ line, count }) => {
    const { label, stands, color, dash } = line
    if (stands === null) return { label, color, dash }
    return { label: count > 1 ? `${stands} (${count} runs)` : stands, color, dash }
  })
}

function axes({ area, scales, xTicks, yTicks, marks, xTitle, colors }: SvgChart): string {
  const text = (x: number, y: number, words: string, anchor: string): string =>
    `<text x="${tenth(x)}" y="${tenth(y)}" ${font} fill="${colors.quiet}" text-anchor="${anchor}">${escape(words)}</text>`
  const rule = (x1: number, y1: number, x2: number, y2: number, more = ''): string =>
    `<line x1="${tenth(x1)}" y1="${tenth(y1)}" x2="${tenth(x2)}" y2="${tenth(y2)}" stroke="${colors.grid}"${more}/>`
  const rows = yTicks.map(({ value, text: words }) => {
    const y = toPixel(scales.y, value)
    return rule(area.left, y, area.right, y) + text(area.left - 6, y + 4, words, 'end')
  })
  const columns = xTicks.map(({ value, text: words }) =>
    text(toPixel(scales.x, value), area.bottom + 16, words, 'middle'),
  )
  const marked = marks.map(({ value, text: words }) => {
    const x = toPixel(scales.x, value)
    if (x < area.left || x > area.right) return ''
    const dashed = ` stroke-dasharray="2 3" style="stroke:${colors.quiet}"`
    return rule(x, area.top, x, area.bottom, dashed) + text(x + 4, area.top + 10, words, 'start')
  })
  return [
    ...rows,
    rule(area.left, area.bottom, area.right, area.bottom),
    ...columns,
    ...marked,
    text(area.right, area.bottom + 32, xTitle, 'end'),
  ].join('')
}

function drawing(line: SvgLine, scales: PathScales, surface: string): string {
  const { places, smoothed, color, dash } = line
  const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : ''
  const path = new PathText()
  lineThrough(path, places, smoothed, scales)
  const behind = line.span ? spanOf(line, scales) : ''
  const stroke = `<path d="${path.text}" fill="none" stroke="${color}" stroke-width="1.5"${dashes}/>`
  return behind + stroke + (line.sparse ? markers(line, scales, surface) : '')
}

function spanOf({ places, span, color, band }: SvgLine, scales: PathScales): string {
  const path = new PathText()
  if (band) {
    bandBetween(path, places, span!, scales)
    const whiskers = new PathText()
    whiskersOf(whiskers, places, span!, scales)
    const area = `<path d="${path.text}" fill="${color}" fill-opacity="0.16"/>`
    return `${area}<path d="${whiskers.text}" fill="none" stroke="${color}" stroke-opacity="0.6" stroke-width="1.5"/>`
  }
  rawBehind(path, places, span!, scales)
  return `<path d="${path.text}" fill="none" stroke="${color}" stroke-opacity="0.25"/>`
}

function markers({ places, smoothed, color }: SvgLine, scales: PathScales, surface: string): string {
  const { first, end } = visiblePoints(places, scales.from, scales.to)
  const circles: string[] = []
  for (let i = first; i < end; i++) {
    const [x, y] = [toPixel(scales.x, placeAt(places, i)), toPixel(scales.y, smoothed[i]!)]
    if (Number.isFinite(y)) circles.push(`<circle cx="${tenth(x)}" cy="${tenth(y)}" r="2.5"/>`)
  }
  return `<g fill="${surface}" stroke="${color}" stroke-width="1.5">${circles.join('')}</g>`
}

function legend(entries: readonly Pick<SvgLine, 'label' | 'color' | 'dash'>[], ink: string): string {
  return entries
    .map(({ label, color, dash }, index) => {
      const y = index * legendRow + 6
      const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : ''
      const mark = `<line x1="0" y1="${y}" x2="24" y2="${y}" stroke="${color}" stroke-width="2"${dashes}/>`
      return `${mark}<text x="32" y="${y + 4}" ${font} fill="${ink}">${escape(label)}</text>`
    })
    .join('')
}
