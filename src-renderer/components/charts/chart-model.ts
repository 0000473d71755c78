import type { DrawnReference } from '../../../src-core/domain/references/drawn-references.ts'
import type { Smoothing } from '../../../src-core/domain/statistics/series-smoothing.ts'
import type { Bounds } from '../../lib/charts/axis.ts'
import type { DrawnSeries } from '../../lib/charts/columns.ts'
import type { AxisKind, Places } from '../../lib/charts/places.ts'

export interface SeriesKey {
  readonly runId: string
  readonly metric: string
}

export type FindSeries = (runId: string, metric: string) => DrawnSeries | null

/** A line that is worked out from other series: an expression, the mean of a group, a difference. */
export interface LineSource {
  /** What it is worked out from: the line is drawn again when one of them changes. */
  readonly reads: readonly SeriesKey[]
  readonly series: (find: FindSeries) => DrawnSeries | null
}

/** A line as a view asks for it: which metric of which run, and how it looks. */
export interface ChartLine {
  readonly runId: string
  readonly metric: string
  readonly label: string
  /** What the look of the line stands for where several lines share it: the legend of a picture names it once. */
  readonly stands?: string
  /** Index of the run's colour, 'ink' for the second line of a single run, 'neutral' for a reference. */
  readonly color: number | 'ink' | 'neutral'
  /** Index of the dash pattern; without it the one that belongs to the colour. */
  readonly dash?: number
  /** Few values, such as one per epoch: drawn with markers and never smoothed. */
  readonly sparse: boolean
  /** Follows a rule, such as a schedule: drawn with all its values, never smoothed. */
  readonly exact?: boolean
  /** Covers a stretch of the run only: it has no value where the rule stands outside of it. */
  readonly stage?: boolean
  /** Smallest and largest value are drawn as a band around the line, not as raw values behind it. */
  readonly band?: boolean
  /** What the values can be where that is not the metric's own, as of a difference. */
  readonly limits?: Bounds
  /** When the run started, for the time axis. */
  readonly origin: number | null
  readonly batchSize: number
  /** Multiply-accumulates of one forward pass of one image. */
  readonly macsPerImage: number
  /** The runs that the line stands for, when it is not one run's own: pointing at one of them brings it to the front. */
  readonly members?: readonly string[]
  readonly source?: LineSource
  /** The curve of an imported file that the line is: it stands beside the runs and is none of them. */
  readonly reference?: DrawnReference
}

/** A place on the x axis at which something begins. */
export interface ChartMark {
  readonly x: number
  readonly label: string
}

/** A line ready to be drawn; the columns are read, never copied. */
export interface DrawnLine {
  readonly runId: string
  readonly label: string
  readonly stands: string | null
  readonly color: string
  readonly dash: readonly number[]
  readonly sparse: boolean
  readonly faint: boolean
  readonly strong: boolean
  readonly places: Places
  readonly smoothed: ArrayLike<number>
  /** The smallest and largest raw values; null when only the smoothed line is drawn. */
  readonly span: { readonly min: ArrayLike<number>; readonly max: ArrayLike<number> } | null
  readonly band: boolean
  /** Pixels beside its place, because others stand at the same one. */
  readonly aside: number
  /** The last value in words, written at the line's end when there is room. */
  readonly endLabel: string
}

export interface ChartModel {
  readonly lines: readonly DrawnLine[]
  readonly axis: AxisKind
  readonly logarithmicX: boolean
  readonly logarithmic: boolean
  readonly withoutOutliers: boolean
  readonly formatY: (value: number) => string
  /** What the values can be, such as 0 to 1 for a share. */
  readonly limits: Bounds
  /** Fixed ends of the axes while zoomed. */
  readonly xRange: Bounds | null
  readonly yRange: Bounds | null
  /** The bounds of all charts that have the same axis. */
  readonly sharedPlaces: ((own: Bounds | null) => Bounds | null) | null
  readonly sharedBounds: ((own: Bounds | null) => Bounds | null) | null
  readonly marks: readonly ChartMark[]
  /** Whether the last values are written at the ends of the lines. */
  readonly endLabels: boolean
  readonly theme: string
  /** Changes when the axes may start anew: another run, axis or zoom. */
  readonly frame: string
}

/** Where charts get their series from, and how that stands. */
export interface SeriesView {
  readonly status: 'loading' | 'ready' | 'failed'
  readonly problem: string
  get(runId: string, metric: string): DrawnSeries | null
  /** Changes whenever the series does; reading it makes an effect follow the series. */
  version(runId: string, metric: string): number
  setSmoothing(smoothing: Smoothing): Promise<void>
  retry(): Promise<void>
}
