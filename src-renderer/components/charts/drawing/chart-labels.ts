import { lastFiniteIndex } from '../../../lib/charts/columns.ts'
import { placeAt } from '../../../lib/charts/places.ts'
import type { DrawnLine } from '../chart-model.ts'
import type { ChartColors } from '../chart-colors.ts'

/** Room in pixels that a chart keeps at its right for the last values. */
export const endLabelRoom = 46

export interface EndLabel {
  readonly text: string
  readonly x: number
  readonly y: number
}

/** Labels for lines that end at the right; one that ends earlier would have its label written over the others. */
export function labelsAtEnds(lines: readonly DrawnLine[]): EndLabel[] {
  const newest = lines.reduce((most, { places, smoothed }) => {
    return smoothed.length > 0 ? Math.max(most, placeAt(places, smoothed.length - 1)) : most
  }, 0)
  return lines
    .filter((line) => !line.faint && line.endLabel !== '')
    .flatMap((line) => {
      const index = lastFiniteIndex(line.smoothed)
      const x = index < 0 ? NaN : placeAt(line.places, index)
      return x >= newest * 0.97 ? [{ text: line.endLabel, x, y: line.smoothed[index]! }] : []
    })
}

interface PixelScale {
  getPixelForValue(value: number): number
}

/** Where labels are written: those that would lie on another one are left out, the topmost wins. */
function spread(labels: readonly EndLabel[], x: PixelScale, y: PixelScale): EndLabel[] {
  const placed = labels
    .map((label) => ({ text: label.text, x: x.getPixelForValue(label.x), y: y.getPixelForValue(label.y) }))
    .sort((a, b) => a.y - b.y)
  const shown: EndLabel[] = []
  for (const label of placed) {
    if (shown.every((other) => Math.abs(other.y - label.y) >= 12 || Math.abs(other.x - label.x) > endLabelRoom)) {
      shown.push(label)
    }
  }
  return shown
}

interface Area {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Writes the last values beside the ends of their lines; those outside of a zoomed chart are left out. */
export function drawEndLabels(
  ctx: CanvasRenderingContext2D,
  labels: readonly EndLabel[],
  scales: { readonly x: PixelScale; readonly y: PixelScale },
  area: Area,
  colors: ChartColors,
): void {
  ctx.font = "11px 'Inter Variable', system-ui, sans-serif"
  ctx.textBaseline = 'middle'
  ctx.fillStyle = colors.ink
  for (const label of spread(labels, scales.x, scales.y)) {
    const inside = label.x <= area.right + 1 && label.y >= area.top - 1 && label.y <= area.bottom + 1
    if (inside) ctx.fillText(label.text, label.x + 6, label.y)
  }
}
