import type { ChartColors } from '../chart-colors.ts'
import type { ChartMark } from '../chart-model.ts'

interface Area {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

const inset = 4
const ruleOpacity = 0.6

/** Draws each mark as a dashed rule with its label at the top; a label without room until the next mark is left out. */
export function drawMarks(
  ctx: CanvasRenderingContext2D,
  marks: readonly ChartMark[],
  scale: { getPixelForValue(value: number): number },
  area: Area,
  colors: ChartColors,
): void {
  const placed = marks
    .map(({ x, label }) => ({ at: Math.round(scale.getPixelForValue(x)) + 0.5, label }))
    .filter(({ at }) => at >= area.left - 1 && at <= area.right)
  ctx.save()
  ctx.font = "11px 'Inter Variable', system-ui, sans-serif"
  ctx.textBaseline = 'top'
  ctx.strokeStyle = colors.quiet
  ctx.fillStyle = colors.quiet
  ctx.lineWidth = 1
  ctx.setLineDash([2, 3])
  placed.forEach(({ at, label }, index) => {
    // The one at the left end lies on the axis itself.
    if (at > area.left + 1) {
      ctx.globalAlpha = ruleOpacity
      ctx.beginPath()
      ctx.moveTo(at, area.top)
      ctx.lineTo(at, area.bottom)
      ctx.stroke()
    }
    const room = (placed[index + 1]?.at ?? area.right) - at
    ctx.globalAlpha = 1
    if (ctx.measureText(label).width + 2 * inset <= room) ctx.fillText(label, at + inset, area.top + 1)
  })
  ctx.restore()
}
