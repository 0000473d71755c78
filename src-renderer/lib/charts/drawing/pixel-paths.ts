import { placeAt, visiblePoints, type Places } from '../places.ts'

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

/** Where lines are drawn, in pixels. */
export interface PlotArea {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** What may be seen of lines: markers and caps at an end of the axis stay whole, what goes on beyond it does not show. */
export function clipOf({ left, right, top, bottom }: PlotArea): {
  x: number
  y: number
  width: number
  height: number
} {
  return {
    x: left - overhang,
    y: top - overhang,
    width: right - left + 2 * overhang,
    height: bottom - top + 2 * overhang,
  }
}

const overhang = 4

export interface PathScales {
  readonly x: PixelScale
  readonly y: PixelScale
  /** The ends of the x axis in its units. */
  readonly from: number
  readonly to: number
}

/** Pixels: what a line rises and falls less than this within a column cannot be seen. */
const leastRise = 0.4
const fewPoints = 100

/**
 * Writes a line through `values`, with at most four points per pixel column: where the line enters it, its lowest and
 * highest point, and where it leaves. That looks like the line through all points (Jugel et al. 2014, "M4").
 * What is not finite makes a gap.
 */
export function lineThrough(path: PathSink, places: Places, values: ArrayLike<number>, scales: PathScales): void {
  const { first, end } = visiblePoints(places, scales.from, scales.to)
  // Few points keep their exact places.
  const exact = end - first < fewPoints
  const x = placeScale(places, scales.x)
  const { offset, factor, logarithmic } = scales.y
  let column = NaN
  let [low, high, entered, last] = [0, 0, 0, 0]
  const leave = (): void => {
    if (Number.isNaN(column)) return
    const rises = high - low > leastRise
    if (rises) {
      path.lineTo(column, low)
      path.lineTo(column, high)
    }
    if (rises || Math.abs(last - entered) > leastRise) path.lineTo(column, last)
  }
  for (let i = first; i < end; i++) {
    const place = places.values[i]!
    const exactX = x.offset + x.factor * (x.logarithmic ? Math.log10(place * places.scale + places.shift) : place)
    const y = offset + factor * (logarithmic ? Math.log10(values[i]!) : values[i]!)
    // False for NaN and infinities alike, and faster here than Number.isFinite.
    if (y - y !== 0 || exactX - exactX !== 0) {
      leave()
      column = NaN
      continue
    }
    const at = exact ? exactX : Math.round(exactX)
    if (at === column) {
      if (y < low) low = y
      if (y > high) high = y
    } else {
      leave()
      if (Number.isNaN(column)) path.moveTo(at, y)
      else path.lineTo(at, y)
      column = at
      low = high = entered = y
    }
    last = y
  }
  leave()
}

/** The scale of a column's own numbers: on a linear axis their factor and shift are a part of it. */
function placeScale({ scale, shift }: Places, { logarithmic, offset, factor }: PixelScale): PixelScale {
  return logarithmic
    ? { logarithmic, offset, factor }
    : { logarithmic, offset: offset + factor * shift, factor: factor * scale }
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
  const { min, max } = columns
  const x = placeScale(places, scales.x)
  const { offset, factor, logarithmic } = scales.y
  let column = NaN
  let [topBefore, bottomBefore] = [NaN, NaN]
  let [top, bottom] = [0, 0]
  const leave = (): void => {
    if (Number.isNaN(column)) return
    path.moveTo(column, bottomBefore < top ? bottomBefore : top)
    // A stroke of no length would not be drawn.
    path.lineTo(column, Math.max(bottom, top + 1, topBefore > bottom ? topBefore : bottom))
    topBefore = top
    bottomBefore = bottom
  }
  for (let i = first; i < end; i++) {
    const place = places.values[i]!
    const at =
      Math.round(x.offset + x.factor * (x.logarithmic ? Math.log10(place * places.scale + places.shift) : place)) + 0.5
    const upper = offset + factor * (logarithmic ? Math.log10(max[i]!) : max[i]!)
    const lower = offset + factor * (logarithmic ? Math.log10(min[i]!) : min[i]!)
    if (upper - upper !== 0 || lower - lower !== 0) {
      leave()
      column = topBefore = bottomBefore = NaN
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

/** From this distance of two points on, in pixels, strokes from the smallest to the largest value would stand apart. */
const apart = 2

/**
 * Writes the raw values behind a smoothed line: their span where points are dense, and lines through them where each
 * would have an upright stroke of its own, which looks like an error bar.
 */
export function rawBehind(
  path: PathSink,
  places: Places,
  columns: { readonly min: ArrayLike<number>; readonly max: ArrayLike<number> },
  scales: PathScales,
): void {
  const { first, end } = visiblePoints(places, scales.from, scales.to)
  const pixel = (index: number): number => toPixel(scales.x, placeAt(places, index))
  const dense = end - first > 1 && (pixel(end - 1) - pixel(first)) / (end - first - 1) < apart
  if (dense) return spansOf(path, places, columns, scales)
  lineThrough(path, places, columns.max, scales)
  if (columns.min !== columns.max) lineThrough(path, places, columns.min, scales)
}

interface BandPoint {
  readonly x: number
  upper: number
  lower: number
}

/** A band in pixels: a stretch for each part without a gap, with one point per pixel column. */
function bandStretches(
  places: Places,
  columns: { readonly min: ArrayLike<number>; readonly max: ArrayLike<number> },
  scales: PathScales,
): BandPoint[][] {
  const { first, end } = visiblePoints(places, scales.from, scales.to)
  const stretches: BandPoint[][] = [[]]
  for (let i = first; i < end; i++) {
    const x = Math.round(toPixel(scales.x, placeAt(places, i)))
    const upper = toPixel(scales.y, columns.max[i]!)
    const lower = toPixel(scales.y, columns.min[i]!)
    const stretch = stretches.at(-1)!
    const open = stretch.at(-1)
    if (!Number.isFinite(upper) || !Number.isFinite(lower)) stretches.push([])
    else if (open?.x === x) {
      open.upper = Math.min(open.upper, upper)
      open.lower = Math.max(open.lower, lower)
    } else stretch.push({ x, upper, lower })
  }
  return stretches
}

/** Writes the outline of a band between two columns, one closed shape for each stretch without a gap. */
export function bandBetween(
  path: PathSink & { closePath(): void },
  places: Places,
  columns: { readonly min: ArrayLike<number>; readonly max: ArrayLike<number> },
  scales: PathScales,
): void {
  for (const stretch of bandStretches(places, columns, scales)) {
    if (stretch.length < 2) continue
    stretch.forEach(({ x, upper }, index) => (index === 0 ? path.moveTo(x, upper) : path.lineTo(x, upper)))
    for (const { x, lower } of stretch.toReversed()) path.lineTo(x, lower)
    path.closePath()
  }
}

/** Pixels to either side of a whisker's end. */
const cap = 3

/** Writes a whisker with caps for each point of a band that stands alone, where no area could be seen. */
export function whiskersOf(
  path: PathSink,
  places: Places,
  columns: { readonly min: ArrayLike<number>; readonly max: ArrayLike<number> },
  scales: PathScales,
): void {
  for (const stretch of bandStretches(places, columns, scales)) {
    const [point] = stretch
    if (stretch.length !== 1 || point!.lower - point!.upper < 1) continue
    const { x, upper, lower } = point!
    path.moveTo(x, upper)
    path.lineTo(x, lower)
    for (const y of [upper, lower]) {
      path.moveTo(x - cap, y)
      path.lineTo(x + cap, y)
    }
  }
}

/** The scales of a line that is drawn some pixels beside its place, because others stand at the same one. */
export function movedBy(scales: PathScales, pixels: number): PathScales {
  return pixels === 0 ? scales : { ...scales, x: { ...scales.x, offset: scales.x.offset + pixels } }
}
