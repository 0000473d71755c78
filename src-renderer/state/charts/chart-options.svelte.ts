import type { AxisKind } from '../../lib/charts/chart-series.ts'
import { nearestIndex, xValues } from '../../lib/charts/chart-series.ts'
import type { LiveSeries } from '../../lib/charts/live-series.ts'
import type { StepRange } from './series.svelte.ts'

/** What a group of charts has in common: the x axis, the zoom, the hovered place and the emphasised run. */
export class ChartOptions {
  axis = $state<AxisKind>('step')
  logLoss = $state(false)
  range = $state.raw<StepRange | null>(null)
  /** Hovered place in units of the axis. */
  hoverX = $state<number | null>(null)
  /** The chart under the pointer: it alone shows the table of values. */
  hoveredChart = $state<string | null>(null)
  /** The run that the pointer is on; the others are drawn faintly. */
  emphasis = $state<string | null>(null)

  hover(chart: string, x: number): void {
    this.hoveredChart = chart
    this.hoverX = x
  }

  leave(): void {
    this.hoveredChart = null
    this.hoverX = null
    this.emphasis = null
  }

  /** Zooms to the steps that lie between two places of the axis. */
  zoom(from: number, to: number, series: LiveSeries, origin: number | null): void {
    const xs = xValues(series, this.axis, origin)
    const first = nearestIndex(xs, Math.min(from, to))
    const last = nearestIndex(xs, Math.max(from, to))
    if (first < 0 || first === last) return
    this.range = { from: series.columns.step[first]!, to: series.columns.step[last]! }
  }

  reset(): void {
    this.range = null
  }
}
