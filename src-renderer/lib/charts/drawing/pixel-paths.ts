import { visiblePoints, type Places } from '../places.ts'

/** From values to pixels along one axis: `offset + factor * (log ? log10(value) : value)`. */
export interface PixelScale {
  readonly logarithmic: boolean
  readonly offset: number
  readonly factor: number
}

export function pixelScale(
  values: { readonly min: number; readonly max: number },
  pixels: { readonly from: number; readonly to: number },
  logarithmic: boolean,
): PixelScale {
  const [low, high] = logarithmic ? [Math.log10(values.min), Math.log10(values.max)] : [values.min, values.max]
  const factor = high === low ? 0 : (pixels.to - pixels.from) / (high - low)
  return { logarithmic, offset: pixels.from - factor * low, factor }
}

export function toPixel({ logarithmic, offset, factor }: PixelScale, value: number): number {
  return offset + factor * (logarithmic ? Math.log10(value) : value)
}

/** The part of a canvas' path that is written to. */
export interface PathSink {
  moveTo(x: number, y: number): void
  lineTo(x: number, y: number): void
}

export interface PathScales {
  readonly x: PixelScale
  readonly y: PixelScale
  /** The ends of the x axis in its units. */
  readonly from: number
  readonly to: number
}

/**
 * Writes a line through `values`, with at most four points per pixel column: where the line enters it, its lowest and
 * highest point, and where it leaves. That looks like the line through all points (Jugel et al. 2014, "M4").
 * What is not finite makes a gap.
 */
export function lineThrough(path: PathSink, places: Places, values: ArrayLike<number>, scales: PathScales): void {
  const { first, end } = visiblePoints(places, scales.from, scales.to)
  let column = NaN
  let [low, high, last] = [0, 0, 0]
  let open = false
  const leave = (): void => {
    if (!open) return
    if (low < high) {
      path.lineTo(column, low)
      path.lineTo(column, high)
    }
    path.lineTo(column, last)
  }
  for (let i = first; i < end; i++) {
    const x = toPixel(scales.x, places.values[i]! * places.scale + places.shift)
    const y = toPixel(scales.y, values[i]!)
    if (!Number.isFinite(y) || !Number.isFinite(x)) {
      leave()
      open = false
      column = NaN
      continue
    }
    const at = Math.round(x * 2) / 2
    if (at === column) {
      if (y < low) low = y
      if (y > high) high = y
    } else {
      leave()
      column = at
      low = high = y
      if (open) path.lineTo(at, y)
      else path.moveTo(at, y)
      open = true
    }
    last = y
  }
  leave()
}

/**
 * Writes the span of raw values: in each pixel column one upright stroke from the smallest to the largest value, that
 * reaches to the stroke before, so that no extreme is lost and no more is drawn than there are columns.
 */
export function spansOf(
  path: PathSink,
  places: Places,
  columns: { readonly min: ArrayLike<number>; readonly max: ArrayLike<number> },
  scales: PathScales,
): void {
  const { first, end } = visiblePoints(places, scales.from, scales.to)
  let column = NaN
  let before: { top: number; bottom: number } | null = null
  let [top, bottom] = [0, 0]
  const leave = (): void => {
    if (Number.isNaN(column)) return
    const reach = before ?? { top, bottom }
    path.moveTo(column, Math.min(top, reach.bottom))
    // A stroke of no length would not be drawn.
    path.lineTo(column, Math.max(bottom, reach.top, top + 1))
    before = { top, bottom }
  }
  for (let i = first; i < end; i++) {
    const at = Math.round(toPixel(scales.x, places.values[i]! * places.scale + places.shift)) + 0.5
    const upper = toPixel(scales.y, columns.max[i]!)
    const lower = toPixel(scales.y, columns.min[i]!)
    if (!Number.isFinite(upper) || !Number.isFinite(lower)) {
      leave()
      column = NaN
      before = null
    } else if (at === column) {
      if (upper < top) top = upper
      if (lower > bottom) bottom = lower
    } else {
      leave()
      column = at
      top = upper
      bottom = lower
    }
  }
  leave()
}

/** Writes the outline of a band between two columns, one closed shape for each stretch without a gap. */
export function bandBetween(
  path: PathSink & { closePath(): void },
  places: Places,
  columns: { readonly min: ArrayLike<number>; readonly max: ArrayLike<number> },
  scales: PathScales,
): void {
  const { first, end } = visiblePoints(places, scales.from, scales.to)
  let stretch: { x: number; upper: number; lower: number }[] = []
  const close = (): void => {
    if (stretch.length > 1) {
      stretch.forEach(({ x, upper }, index) => (index === 0 ? path.moveTo(x, upper) : path.lineTo(x, upper)))
      for (let i = stretch.length - 1; i >= 0; i--) path.lineTo(stretch[i]!.x, stretch[i]!.lower)
      path.closePath()
    }
    stretch = []
  }
  for (let i = first; i < end; i++) {
    const x = Math.round(toPixel(scales.x, places.values[i]! * places.scale + places.shift))
    const upper = toPixel(scales.y, columns.max[i]!)
    const lower = toPixel(scales.y, columns.min[i]!)
    const open = stretch.at(-1)
    if (!Number.isFinite(upper) || !Number.isFinite(lower)) close()
    else if (open?.x === x) {
      open.upper = Math.min(open.upper, upper)
      open.lower = Math.max(open.lower, lower)
    } else stretch.push({ x, upper, lower })
  }
  close()
}
