export interface Bounds {
  readonly min: number
  readonly max: number
}

/** A value axis: its ends and the distance of its ticks. */
export interface Range extends Bounds {
  readonly step: number
}

const niceSteps = [1, 2, 2.5, 5, 10]
const niceEnds = [1, 1.5, 2, 3, 4, 5, 6, 8, 10]

function roundUp(value: number, steps: readonly number[]): number {
  const power = 10 ** Math.floor(Math.log10(value))
  const step = steps.find((candidate) => candidate * power >= value * (1 - 1e-9)) ?? 10
  return Number((step * power).toPrecision(3))
}

/** The smallest round number that is not below `value` (value > 0). */
export function niceCeil(value: number): number {
  return roundUp(value, niceEnds)
}

export const unlimited: Bounds = { min: -Infinity, max: Infinity }

/** Whether `range` still serves for values in `needed`: holds them and does not leave most of itself empty. */
function stillFits(range: Bounds, needed: Bounds): boolean {
  const width = range.max - range.min
  return needed.min >= range.min && needed.max <= range.max && needed.max - needed.min >= width * 0.25
}

/**
 * A value axis that grows in steps: keeps the present range as long as it serves, so that lines do not jump while
 * points arrive, and otherwise moves to round numbers with some air. Never beyond the limits, such as 0 and 1 for a share.
 */
export function steppedRange(present: Range | null, needed: Bounds, limits = unlimited, tight = false): Range {
  if (present && stillFits(present, needed) && !(tight && isLoose(present, needed))) return present
  const spread = spreadOf(needed)
  const step = roundUp(spread / 4, niceSteps)
  const min = Math.floor((needed.min - spread * 0.02) / step) * step
  const max = Math.ceil((needed.max + spread * 0.02) / step) * step
  const least = needed.min >= 0 ? Math.max(0, limits.min) : limits.min
  return { min: Math.max(least, tidy(min)), max: Math.min(limits.max, tidy(max)), step }
}

/** Whether the present range is so wide that a range for the bulk of the values would show more of them. */
function isLoose(range: Bounds, needed: Bounds): boolean {
  return needed.max - needed.min < (range.max - range.min) * 0.6
}

/** The distance of about four round ticks between two ends that need not be round. */
export function tickStep({ min, max }: Bounds): number {
  return max > min ? roundUp((max - min) / 4, niceSteps) : 1
}

/** What varies; of a constant, whose smoothed values differ by rounding alone, its own size. */
function spreadOf({ min, max }: Bounds): number {
  const size = Math.max(Math.abs(min), Math.abs(max))
  return max - min > size * 1e-6 ? max - min : size || 1
}

/** The range of a logarithmic axis: from a whole decade to a round number beyond the largest value. */
export function steppedLogRange(present: Range | null, needed: Bounds): Range {
  if (present && present.min > 0 && needed.min >= present.min && needed.max <= present.max) return present
  return { min: 10 ** Math.floor(Math.log10(needed.min)), max: niceCeil(needed.max * 1.05), step: 1 }
}

/** The end of a growing axis: unchanged while the newest value is within, otherwise a round number beyond it. */
export function steppedEnd(present: number, newest: number): number {
  if (newest <= present) return present
  return newest <= 0 ? 1 : niceCeil(newest * 1.02)
}

/** Distances of ticks on a time axis, in seconds. */
const timeSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400]

/** The distance of about six ticks over so many milliseconds: whole seconds, minutes or hours. */
export function timeStep(span: number): number {
  const seconds = timeSteps.find((step) => step >= span / 6000) ?? Math.ceil(span / 6000 / 86_400) * 86_400
  return seconds * 1000
}

function tidy(value: number): number {
  return Number(value.toPrecision(12))
}
