import type { Bounds } from '../../lib/charts/axis.ts'
import type { StepRange } from './series.svelte.ts'

/** Fewer steps than this are not zoomed into. */
const fewestSteps = 2
/** What is asked for on either side of the zoomed range, so that lines reach its edges: a share of its width. */
const margin = 0.1

/** What a group of charts has in common at the moment: the zoom, the hovered place and the emphasised run. */
export class ChartOptions {
  range = $state.raw<StepRange | null>(null)
  /** The value axes that are zoomed, by the chart's title. */
  valueRanges = $state.raw<Readonly<Record<string, Bounds>>>({})
  /** Hovered place in units of the axis. */
  hoverX = $state<number | null>(null)
  /** The chart under the pointer: it alone shows the table of values. */
  hoveredChart = $state<string | null>(null)
  /** The run that the pointer is on; the others are drawn faintly. */
  emphasis = $state<string | null>(null)
  /** The step that the view shows, where all charts have a rule; null for the newest, which needs none. */
  private readonly shown: () => number | null
  /** The newest step that any chart of the group has drawn. */
  private newestStep = 0

  constructor(shown: () => number | null = () => null) {
    this.shown = shown
  }

  get shownStep(): number | null {
    return this.shown()
  }

  get zoomed(): boolean {
    return this.range !== null || Object.keys(this.valueRanges).length > 0
  }

  /** The steps to ask for. */
  get queried(): StepRange | null {
    if (!this.range) return null
    const { from, to } = this.range
    const extra = Math.max(1, Math.ceil((to - from) * margin))
    return { from: Math.max(0, from - extra), to: to + extra }
  }

  hover(chart: string, x: number): void {
    this.hoveredChart = chart
    this.hoverX = x
  }

  leave(): void {
    this.hoveredChart = null
    this.hoverX = null
    this.emphasis = null
  }

  reached(step: number): void {
    this.newestStep = Math.max(this.newestStep, step)
  }

  /** Shows the steps between two, which may lie outside of what there is; all of them are no zoom. */
  show(from: number, to: number): void {
    const range = { from: Math.max(0, Math.round(from)), to: Math.min(this.newestStep, Math.round(to)) }
    if (range.from === 0 && range.to >= this.newestStep) this.range = null
    else if (range.to - range.from >= fewestSteps) this.range = range
  }

  zoomValues(chart: string, range: Bounds): void {
    if (range.max > range.min) this.valueRanges = { ...this.valueRanges, [chart]: range }
  }

  reset(): void {
    this.range = null
    this.valueRanges = {}
  }
}
