/** Maps values to pixels, with round values to name on the axis. */
export interface PlotScale {
  readonly place: (value: number) => number
  readonly ticks: readonly number[]
}

/** A round number near a tenth of the size: 1, 2 or 5 times a power of ten. */
export function roundStep(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size))
  return power * ([1, 2, 5].find((factor) => factor * power >= size) ?? 10)
}

/** A scale over all of the values, with a little room at both ends; `ticks` is about how many are wanted. */
export function plotScale(values: readonly number[], from: number, to: number, ticks: number): PlotScale {
  const finite = values.filter(Number.isFinite)
  const [least, most] = finite.length > 0 ? [Math.min(...finite), Math.max(...finite)] : [0, 1]
  const room = (most - least || Math.abs(most) || 1) * 0.05
  const [low, high] = [least - room, most + room]
  const step = roundStep((high - low) / Math.max(1, ticks))
  const first = Math.ceil(low / step)
  const count = Math.floor(high / step) - first + 1
  return {
    place: (value) => from + ((value - low) / (high - low)) * (to - from),
    // Multiples are made anew from whole numbers and rounded, so that 0.3 is not 0.30000000000000004.
    ticks: Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(12))),
  }
}
