import type { Theme } from '../../../lib/charts/run-colors.ts'
import type { MatrixContent } from '../../../lib/evaluation/matrix-content.ts'
import type { MatrixLayout } from '../../../lib/evaluation/matrix-layout.ts'
import type { ChartColors } from '../../charts/chart-colors.ts'

const family = "'Inter Variable', system-ui, sans-serif"
export const labelFont = `11px ${family}`

export interface MatrixDrawing {
  readonly content: MatrixContent
  readonly layout: MatrixLayout
  readonly colors: ChartColors
  readonly theme: Theme
}

/** Draws a matrix of classes on a canvas that is `scale` device pixels wide per CSS pixel. */
export function drawMatrix(canvas: HTMLCanvasElement, drawing: MatrixDrawing, scale: number): void {
  const { width, height } = drawing.layout
  canvas.width = Math.round(width * scale)
  canvas.height = Math.round(height * scale)
  const ctx = canvas.getContext('2d')!
  ctx.scale(scale, scale)
  drawCells(ctx, drawing)
  if (drawing.layout.grid) drawGrid(ctx, drawing)
  drawLabels(ctx, drawing)
}

/** A cell without images stays empty: it is no small number but none. */
function drawCells(ctx: CanvasRenderingContext2D, { content, layout, theme }: MatrixDrawing): void {
  const { cell, left, top } = layout
  const { classes } = content
  const scale = ctx.getTransform().a
  /** Whole device pixels, or neighbouring cells would shine through each other. */
  const snap = (place: number): number => Math.round(place * scale) / scale
  ctx.font = labelFont
  ctx.textAlign = 'center'
  ctx.textBaseline = 'middle'
  for (let index = 0; index < classes ** 2; index++) {
    const [row, column] = [Math.floor(index / classes), index % classes]
    const look = content.cell({ row, column }, theme)
    if (!look) continue
    ctx.fillStyle = look.fill
    const [x, right] = [snap(left + column * cell), snap(left + (column + 1) * cell)]
    const [y, bottom] = [snap(top + row * cell), snap(top + (row + 1) * cell)]
    ctx.fillRect(x, y, right - x, bottom - y)
    if (!layout.numbers) continue
    ctx.fillStyle = look.ink
    ctx.fillText(look.text, left + (column + 0.5) * cell, top + (row + 0.5) * cell + 0.5)
  }
}

function drawGrid(ctx: CanvasRenderingContext2D, { content, layout, colors }: MatrixDrawing): void {
  const { cell, left, top } = layout
  const { classes } = content
  const end = cell * classes
  ctx.strokeStyle = colors.grid
  ctx.lineWidth = 1
  ctx.beginPath()
  for (let line = 0; line <= classes; line++) {
    const at = line * cell + 0.5
    ctx.moveTo(left + at, top)
    ctx.lineTo(left + at, top + end)
    ctx.moveTo(left, top + at)
    ctx.lineTo(left + end, top + at)
  }
  ctx.stroke()
}

function drawLabels(ctx: CanvasRenderingContext2D, { content, layout, colors }: MatrixDrawing): void {
  const { cell, left, top, labelEvery, upright } = layout
  const { classes, names } = content
  const room = left - 26
  ctx.font = labelFont
  ctx.fillStyle = colors.ink
  for (let index = 0; index < classes; index += labelEvery) {
    const middle = (index + 0.5) * cell
    const text = shortened(ctx, names[index]!, room)
    ctx.textAlign = 'right'
    ctx.textBaseline = 'middle'
    ctx.fillText(text, left - 6, top + middle)
    if (upright) writeUpright(ctx, text, left + middle, top - 6, 'left')
    else {
      ctx.textAlign = 'center'
      ctx.textBaseline = 'bottom'
      ctx.fillText(text, left + middle, top - 4)
    }
  }
  ctx.fillStyle = colors.quiet
  ctx.textAlign = 'left'
  ctx.textBaseline = 'top'
  ctx.fillText('Predicted class', left, 0)
  writeUpright(ctx, 'True class', 6, top + cell * classes, 'left')
}

function writeUpright(ctx: CanvasRenderingContext2D, text: string, x: number, y: number, align: CanvasTextAlign): void {
  ctx.save()
  ctx.translate(x, y)
  ctx.rotate(-Math.PI / 2)
  ctx.textAlign = align
  ctx.textBaseline = 'middle'
  ctx.fillText(text, 0, 0)
  ctx.restore()
}

function shortened(ctx: CanvasRenderingContext2D, text: string, room: number): string {
  if (ctx.measureText(text).width <= room) return text
  let kept = text
  while (kept.length > 1 && ctx.measureText(`${kept}…`).width > room) kept = kept.slice(0, -1)
  return `${kept}…`
}

/** Widths in pixels of the longest of some texts in the font of the labels. */
export function widestText(canvas: HTMLCanvasElement, texts: readonly string[]): number {
  const ctx = canvas.getContext('2d')!
  ctx.font = labelFont
  return texts.reduce((most, text) => Math.max(most, ctx.measureText(text).width), 0)
}
