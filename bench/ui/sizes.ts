/** What the generated workspace holds: as many runs as a group collects in years, and long histories. */
export interface Sizes {
  readonly runs: number
  /** So many of the runs have a loss of so many points. */
  readonly curves: number
  readonly points: number
}

export const sizes = {
  full: { runs: 10_000, curves: 100, points: 100_000 },
  quick: { runs: 1_000, curves: 20, points: 10_000 },
} as const satisfies Record<string, Sizes>

/** A loss that falls, with noise that is the same at every call. */
export function lossAt(run: number, step: number): number {
  const noise = Math.sin((step + 1) * 12.9898 + run * 78.233) * 43758.5453
  return Math.exp(-step / (20_000 + 200 * run)) + 0.1 * (noise - Math.floor(noise))
}

/** Names of a run with a long and one with a short history. */
export const longRun = 'long history'
export const shortRun = 'short history'

/** Runs that are followed live, and what they log. */
export const liveRuns = 20
export const liveMetrics = Array.from({ length: 20 }, (_, i) => `live/metric-${i + 1}`)
