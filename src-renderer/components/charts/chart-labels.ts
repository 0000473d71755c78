import type { Point } from '../../lib/charts/chart-series.ts'
import type { ChartColors } from './chart-colors.ts'
import type { DrawnLine } from './chart-model.ts'

/** Room in pixels that a chart keeps at its right for the last values. */
export const endLabelRoom = 46

export interface EndLabel {
  readonly text: string
  readonly at: Point
}

/** Labels for lines that end at the right; one that ends earlier would have its label written over the others. */
export function labelsAtEnds(lines: readonly DrawnLine[]): EndLabel[] {
  const newest = Math.max(0, ...lines.map((line) => line.smoothed.at(-1)?.x ?? 0))
  return lines
    .filter((line) => !line.faint && line.endLabel !== '')
    .flatMap((line) => {
      const at = line.smoothed.findLast(({ y }) => !Number.isNaN(y))
      return at && at.x >= newest * 0.97 ? [{ text: line.endLabel, at }] : []
    })
}

interface PixelScale {
  getPixelForValue(value: number): number
}

/** Where labels are written: those that would lie on another one are left out, the topmost wins. */
function spread(labels: readonly EndLabel[], x: PixelScale, y: PixelScale): { text: string; x: number; y: number }[] {
  const placed = labels
    .map(({ text, at }) => ({ text, x: x.getPixelForValue(at.x), y: y.getPixelForValue(at.y) }))
    .sort((a, b) => a.y - b.y)
  const shown: typeof placed = []
  for (const label of placed) {
    if (shown.every((other) => Math.abs(other.y - label.y) >= 12 || Math.abs(other.x - label.x) > endLabelRoom)) {
      shown.push(label)
    }
  }
  return shown
}

/** Writes the last values beside the ends of their lines. */
export function drawEndLabels(
  ctx: CanvasRenderingContext2D,
  labels: readonly EndLabel[],
  x: PixelScale,
  y: PixelScale,
  colors: ChartColors,
): void {
  ctx.font = "11px 'Inter Variable', system-ui, sans-serif"
  ctx.textBaseline = 'middle'
  ctx.fillStyle = colors.ink
  for (const label of spread(labels, x, y)) ctx.fillText(label.text, label.x + 6, label.y)
}
