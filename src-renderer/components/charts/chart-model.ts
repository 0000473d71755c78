import type { AxisKind, Point } from '../../lib/charts/chart-series.ts'

/** A line as a view asks for it: which metric of which run, and how it looks. */
export interface ChartLine {
  readonly runId: string
  readonly metric: string
  readonly label: string
  /** Index of the run's colour, or 'ink' for the second line of a single run. */
  readonly color: number | 'ink'
  /** Few values, such as one per epoch: drawn with markers and never smoothed. */
  readonly sparse: boolean
  /** Follows a rule, such as a schedule: drawn with all its values, never smoothed. */
  readonly exact?: boolean
  /** Covers a stretch of the run only: it has no value where the rule stands outside of it. */
  readonly stage?: boolean
  /** When the run started, for the time axis. */
  readonly origin: number | null
}

/** A place on the x axis at which something begins. */
export interface ChartMark {
  readonly x: number
  readonly label: string
}

/** A line ready to be drawn. */
export interface DrawnLine {
  readonly runId: string
  readonly color: string
  readonly dash: readonly number[]
  readonly sparse: boolean
  readonly faint: boolean
  readonly raw: readonly Point[]
  readonly smoothed: readonly Point[]
  /** The last value in words, written at the line's end when there is room. */
  readonly endLabel: string
}

export interface ChartModel {
  readonly lines: readonly DrawnLine[]
  readonly axis: AxisKind
  readonly logarithmic: boolean
  readonly formatY: (value: number) => string
  /** The largest value that the metric can have, such as 1 for a share. */
  readonly limit: number
  /** Fixed ends of the x axis while zoomed. */
  readonly xRange: { readonly min: number; readonly max: number } | null
  readonly marks: readonly ChartMark[]
  /** Changes when the axes may start anew: another run, axis or zoom. */
  readonly frame: string
}
