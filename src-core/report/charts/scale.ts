const wantedTicks = 5

export interface Scale {
  readonly ticks: readonly number[]
  readonly at: (value: number) => number
}

/** Round steps of 1, 2 or 5 times a power of ten, about `wantedTicks` of them. */
export function niceTicks(low: number, high: number): number[] {
  const range = high > low ? high - low : Math.abs(high) || 1
  const power = 10 ** Math.floor(Math.log10(range / wantedTicks))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => range / candidate <= wantedTicks)!
  const first = Math.floor(low / step) * step
  const count = Math.ceil((high - first) / step - 1e-9) + 1
  return Array.from({ length: Math.max(2, count) }, (_, index) => Number((first + index * step).toPrecision(12)))
}

/**
 * Values that do not ruin the scale: a run that diverges passes 10^18 on its way, and beside that all others lie on the
 * axis. What is above a hundred times the median is cut off at that.
 */
export function withoutExplosions(values: readonly number[]): number[] {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b)
  const limit = 100 * Math.abs(sorted[sorted.length >> 1] ?? 0)
  return limit > 0 ? sorted.filter((value) => value <= limit) : sorted
}

function extremes(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  )
}

/** The value axis ends at round numbers; the step axis ends where the data end. */
export function scaleFor(values: readonly number[], from: number, to: number, end: 'at-tick' | 'at-data'): Scale {
  const finite = end === 'at-tick' ? withoutExplosions(values) : values.filter(Number.isFinite)
  const [lowest, highest] = extremes(finite)
  const ticks = finite.length > 0 ? niceTicks(lowest, highest) : [0, 1]
  const low = ticks[0]!
  const high = end === 'at-data' && highest > low ? highest : ticks.at(-1)!
  return {
    ticks: ticks.filter((tick) => tick <= high),
    at: (value) => from + ((Math.min(value, high) - low) / (high - low)) * (to - from),
  }
}

/** 10000 as 10,000; small numbers as they are. */
export function tickText(tick: number): string {
  return Math.abs(tick) >= 1000 ? tick.toLocaleString('en-US') : String(tick)
}
