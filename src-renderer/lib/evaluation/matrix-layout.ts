/** Where a square matrix with labels stands on its canvas, in CSS pixels. */
export interface MatrixLayout {
  /** Side of a cell. */
  readonly cell: number
  /** Left and upper edge of the first cell: the room for the labels. */
  readonly left: number
  readonly top: number
  /** Width and height of the whole drawing. */
  readonly width: number
  readonly height: number
  /** Every how many-th class is labelled. */
  readonly labelEvery: number
  /** Whether the labels of the columns must stand upright to have room. */
  readonly upright: boolean
  /** Whether cells have room for their number. */
  readonly numbers: boolean
  /** Whether hairlines stand between the cells. */
  readonly grid: boolean
}

interface Room {
  readonly classes: number
  readonly width: number
  readonly height: number
  /** Width of the longest label and of the longest number in a cell. */
  readonly labelWidth: number
  readonly numberWidth: number
}

const lineHeight = 14
const axisTitle = 18
const widestCell = 60
/** Narrower cells are fractions of a pixel apart, so that 200 classes fill the room that there is. */
const narrowestWhole = 4
const widestLabel = 88
const steps = [1, 2, 5, 10, 20, 50, 100]

/** Fits a matrix into the room there is: with more classes cells shrink, numbers go and labels thin out. */
export function matrixLayout({ classes, width, height, labelWidth, numberWidth }: Room): MatrixLayout {
  const labels = Math.min(widestLabel, labelWidth)
  const left = axisTitle + labels + 8
  const fit = (top: number): number => {
    const side = Math.min(widestCell, Math.max(1, Math.min(width - left - 1, height - top - 1) / classes))
    return side < narrowestWhole ? side : Math.floor(side)
  }
  const flatTop = axisTitle + lineHeight + 6
  const uprightTop = axisTitle + labels + 8
  const upright = labels + 4 > fit(flatTop) * labelStep(fit(flatTop))
  const top = upright ? uprightTop : flatTop
  const cell = fit(top)
  return {
    cell,
    left,
    top,
    width: Math.ceil(left + cell * classes + 1),
    height: Math.ceil(top + cell * classes + 1),
    labelEvery: labelStep(cell),
    upright,
    numbers: cell >= lineHeight && numberWidth + 4 <= cell,
    grid: cell >= 8,
  }
}

function labelStep(cell: number): number {
  return steps.find((step) => step * cell >= lineHeight) ?? steps.at(-1)!
}

/** The cell under a point of the canvas; null beside the matrix. */
export function cellAt(
  { left, top, cell }: MatrixLayout,
  classes: number,
  x: number,
  y: number,
): { row: number; column: number } | null {
  const column = Math.floor((x - left) / cell)
  const row = Math.floor((y - top) / cell)
  return row >= 0 && column >= 0 && row < classes && column < classes ? { row, column } : null
}
