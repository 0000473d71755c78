import { Chart, LinearScale, LogarithmicScale, PointElement, type ChartConfiguration, type Plugin } from 'chart.js'
import {
  steppedEnd,
  steppedLogRange,
  steppedRange,
  tickStep,
  type Bounds,
  type Range,
} from '../../../lib/charts/axis.ts'
import { pixelScale, type PathScales, type PlotArea } from '../../../lib/charts/drawing/pixel-paths.ts'
import { placeAt } from '../../../lib/charts/places.ts'
import { boundsOfValues, type RangedLine } from '../../../lib/charts/drawing/value-range.ts'
import type { ChartModel } from '../chart-model.ts'
import { readChartColors, type ChartColors } from '../chart-colors.ts'
import { drawEndLabels, endLabelRoom, labelsAtEnds } from './chart-labels.ts'
import { drawMarks } from './chart-marks.ts'
import { scalesFor } from './chart-scales.ts'
import { ColumnsController } from './columns-controller.ts'
import { paintLines } from './paint-lines.ts'

Chart.register(ColumnsController, PointElement, LinearScale, LogarithmicScale)

const nowhere: PlotArea = { left: 0, right: 0, top: 0, bottom: 0 }

/** Draws a model with Chart.js and keeps its axes from jumping. Knows nothing of Svelte. */
export class ChartController {
  /** The ends of the axes as they are drawn. */
  x: Bounds = { min: 0, max: 1 }
  y: Range = { min: 0, max: 1, step: 0.25 }
  private readonly chart: Chart<'columns', number[]>
  private readonly canvas: HTMLCanvasElement
  private colors: ChartColors
  private theme = ''
  private frame = ''
  private grownEnd = 0
  private heldY: Range | null = null
  private model: ChartModel | null = null
  /** What the axes were told last: while it stays, a drawing need not lay out anything. */
  private told = ''

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas
    this.colors = readChartColors(canvas.parentElement!)
    this.chart = new Chart(canvas, this.configuration())
  }

  destroy(): void {
    this.chart.destroy()
  }

  resize(): void {
    this.chart.resize()
  }

  /** Draws the model; returns how many points are drawn. */
  draw(model: ChartModel): number {
    if (model.frame !== this.frame) this.startAnew(model.frame)
    if (model.theme !== this.theme) this.colors = readChartColors(this.canvas.parentElement!)
    this.theme = model.theme
    this.model = model
    this.scaleAxes(model)
    const { theme, axis, logarithmic, logarithmicX, endLabels } = model
    const told = JSON.stringify([this.x, this.y, theme, axis, logarithmic, logarithmicX, endLabels, this.colors.ink])
    if (told === this.told) this.chart.draw()
    else this.tellAxes(model)
    this.told = told
    return model.lines.reduce((sum, line) => sum + line.smoothed.length, 0)
  }

  /** The value under a pixel of the canvas, and the other way round. */
  valueAt(pixel: number): number {
    return this.chart.scales['x']?.getValueForPixel(pixel) ?? 0
  }

  valueAtY(pixel: number): number {
    return this.chart.scales['y']?.getValueForPixel(pixel) ?? 0
  }

  pixelAt(value: number): number {
    return this.chart.scales['x']?.getPixelForValue(value) ?? NaN
  }

  pixelOfY(value: number): number {
    return this.chart.scales['y']?.getPixelForValue(value) ?? NaN
  }

  get area(): PlotArea {
    return this.chart.chartArea ?? nowhere
  }

  /** The ticks of both axes as they are drawn, for the picture of lines and words. */
  ticks(axis: 'x' | 'y'): { value: number; text: string }[] {
    const ticks = this.chart.scales[axis]?.ticks ?? []
    return ticks.flatMap(({ value, label }) => (label ? [{ value, text: String(label) }] : []))
  }

  /** From values to pixels of the canvas. */
  scales(): PathScales {
    const { left, right, top, bottom } = this.area
    return {
      x: pixelScale(this.x, { from: left, to: right }, this.model?.logarithmicX ?? false),
      y: pixelScale(this.y, { from: bottom, to: top }, this.model?.logarithmic ?? false),
      from: this.x.min,
      to: this.x.max,
    }
  }

  private startAnew(frame: string): void {
    this.frame = frame
    this.grownEnd = 0
    this.heldY = null
  }

  private scaleAxes(model: ChartModel): void {
    this.x = this.rangeOfX(model)
    const lines = model.lines.map(({ places, smoothed, span, band }): RangedLine => {
      return { places, smoothed, min: span?.min ?? [], max: span?.max ?? [], band }
    })
    const { logarithmic, withoutOutliers, sharedBounds } = model
    const own = boundsOfValues(lines, { from: this.x.min, to: this.x.max, logarithmic, withoutOutliers })
    const needed = sharedBounds ? sharedBounds(own) : own
    if (needed) {
      this.heldY = logarithmic
        ? steppedLogRange(this.heldY, needed)
        : steppedRange(this.heldY, needed, model.limits, withoutOutliers)
    }
    this.y = this.heldY ?? { min: logarithmic ? 0.1 : 0, max: 1, step: 0.25 }
    if (model.yRange) this.y = { ...model.yRange, step: tickStep(model.yRange) }
  }

  private rangeOfX({ xRange, logarithmicX, lines, sharedPlaces }: ChartModel): Bounds {
    let [first, newest] = [Infinity, 0]
    for (const { places, smoothed } of lines) {
      if (smoothed.length === 0) continue
      newest = Math.max(newest, placeAt(places, smoothed.length - 1))
      for (let i = 0; i < smoothed.length; i++) {
        const place = placeAt(places, i)
        if (place <= 0) continue
        first = Math.min(first, place)
        break
      }
    }
    const end = sharedPlaces ? (sharedPlaces({ min: 0, max: newest })?.max ?? newest) : newest
    this.grownEnd = steppedEnd(this.grownEnd, end)
    const range = xRange ?? { min: 0, max: this.grownEnd || 1 }
    if (!logarithmicX) return range
    const min = range.min > 0 ? range.min : Math.min(first, range.max / 10)
    return { min, max: Math.max(range.max, min * 1.01) }
  }

  private tellAxes(model: ChartModel): void {
    this.chart.options.layout = { padding: { right: model.endLabels ? endLabelRoom : 12, top: 6 } }
    this.chart.options.scales = scalesFor(model, this.x, this.y, this.colors)
    this.chart.update('none')
  }

  private paint(): void {
    if (this.model) paintLines(this.chart.ctx, this.model.lines, this.scales(), this.area, this.colors.surface)
  }

  private configuration(): ChartConfiguration<'columns', number[]> {
    return {
      type: 'columns',
      data: { datasets: [{ data: [], paint: () => this.paint() }] },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { right: endLabelRoom, top: 6 } },
        plugins: { legend: { display: false }, tooltip: { enabled: false } },
        onResize: () => (this.told = ''),
      },
      plugins: [this.endLabelPlugin(), this.markPlugin()],
    }
  }

  private markPlugin(): Plugin<'columns'> {
    return {
      id: 'marks',
      beforeDatasetsDraw: ({ ctx, chartArea, scales }) =>
        drawMarks(ctx, this.model?.marks ?? [], scales['x']!, chartArea, this.colors),
    }
  }

  private endLabelPlugin(): Plugin<'columns'> {
    return {
      id: 'endLabels',
      afterDatasetsDraw: ({ ctx, chartArea, scales }) => {
        if (!this.model?.endLabels) return
        const axes = { x: scales['x']!, y: scales['y']! }
        drawEndLabels(ctx, labelsAtEnds(this.model.lines), axes, chartArea, this.colors)
      },
    }
  }
}
