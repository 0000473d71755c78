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
} from '../../../lib/charts/drawing/pixel-paths.ts'
import { visiblePoints } from '../../../lib/charts/places.ts'
import { withOpacity } from '../../../lib/charts/run-colors.ts'
import type { DrawnLine } from '../chart-model.ts'

const rawOpacity = 0.25
const faintOpacity = 0.18
const bandOpacity = 0.16
const whiskerOpacity = 0.6
const lineWidth = 1.5
/**
 * Strokes of one device pixel are ten times as fast to paint as thicker ones. So lines of many points are made of
 * such strokes beside each other, and of one alone where there are so many lines that thicker ones would only hide
 * each other.
 */
const manyPoints = 150
const singleStrokesFrom = 40

/** Paints bands and raw values first, then the lines; those of the emphasised run last, over all others. */
export function paintLines(
  ctx: CanvasRenderingContext2D,
  lines: readonly DrawnLine[],
  scales: PathScales,
  area: PlotArea,
  surface: string,
): void {
  ctx.save()
  const { x, y, width, height } = clipOf(area)
  ctx.beginPath()
  ctx.rect(x, y, width, height)
  ctx.clip()
  const ordered = [...lines].sort((a, b) => Number(b.faint) - Number(a.faint))
  for (const line of ordered) if (line.span && !line.faint) paintSpan(ctx, line, movedBy(scales, line.aside))
  const thin = lines.length >= singleStrokesFrom
  for (const line of ordered) paintLine(ctx, line, scales, line.strong ? 2.5 : thin ? 1 : lineWidth)
  ctx.setLineDash([])
  for (const line of ordered) {
    if (line.sparse || line.smoothed.length === 1) paintPoints(ctx, line, movedBy(scales, line.aside), surface)
  }
  ctx.restore()
}

function paintSpan(ctx: CanvasRenderingContext2D, line: DrawnLine, scales: PathScales): void {
  ctx.setLineDash([])
  ctx.beginPath()
  if (line.band) {
    ctx.fillStyle = withOpacity(line.color, bandOpacity)
    bandBetween(ctx, line.places, line.span!, scales)
    ctx.fill()
    ctx.beginPath()
    ctx.strokeStyle = withOpacity(line.color, whiskerOpacity)
    ctx.lineWidth = lineWidth
    whiskersOf(ctx, line.places, line.span!, scales)
    ctx.stroke()
    return
  }
  ctx.strokeStyle = withOpacity(line.color, rawOpacity)
  ctx.lineWidth = 1
  rawBehind(ctx, line.places, line.span!, scales)
  ctx.stroke()
}

function paintLine(ctx: CanvasRenderingContext2D, line: DrawnLine, scales: PathScales, width: number): void {
  ctx.strokeStyle = line.faint ? withOpacity(line.color, faintOpacity) : line.color
  ctx.setLineDash([...line.dash])
  const { first, end } = visiblePoints(line.places, scales.from, scales.to)
  if (end - first < manyPoints) {
    ctx.lineJoin = 'round'
    ctx.lineWidth = width
    ctx.beginPath()
    lineThrough(ctx, line.places, line.smoothed, scales)
    ctx.stroke()
  } else paintFineStrokes(ctx, line, scales, width)
}

function paintFineStrokes(ctx: CanvasRenderingContext2D, line: DrawnLine, scales: PathScales, width: number): void {
  const pixel = 1 / (ctx.getTransform().a || 1)
  const path = new Path2D()
  lineThrough(path, line.places, line.smoothed, scales)
  ctx.lineJoin = 'bevel'
  ctx.lineWidth = pixel
  const strokes = Math.max(1, Math.ceil(width / pixel - 0.25))
  // A faint line would be darker where its strokes meet.
  const apart = line.faint ? pixel : (width - pixel) / Math.max(1, strokes - 1)
  ctx.save()
  ctx.translate(0, (-apart * (strokes - 1)) / 2)
  for (let i = 0; i < strokes; i++) {
    ctx.stroke(path)
    ctx.translate(0, apart)
  }
  ctx.restore()
}

/** A line of one point would be invisible without a marker. */
function paintPoints(ctx: CanvasRenderingContext2D, line: DrawnLine, scales: PathScales, surface: string): void {
  const { places, smoothed } = line
  const { first, end } = visiblePoints(places, scales.from, scales.to)
  ctx.strokeStyle = line.faint ? withOpacity(line.color, faintOpacity) : line.color
  ctx.fillStyle = line.sparse ? surface : ctx.strokeStyle
  ctx.lineWidth = lineWidth
  ctx.beginPath()
  for (let i = first; i < end; i++) {
    const x = toPixel(scales.x, places.values[i]! * places.scale + places.shift)
    const y = toPixel(scales.y, smoothed[i]!)
    if (!Number.isFinite(y)) continue
    ctx.moveTo(x + 2.5, y)
    ctx.arc(x, y, 2.5, 0, 2 * Math.PI)
  }
  ctx.fill()
  ctx.stroke()
}
