import {
  Chart,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  type ChartConfiguration,
  type ChartDataset,
  type Plugin,
} from 'chart.js'
import { timeStep, steppedEnd, steppedLogRange, steppedRange, type Bounds, type Range } from '../../lib/charts/axis.ts'
import { axisTitles, formatX, isTime, type Point } from '../../lib/charts/chart-series.ts'
import { withOpacity } from '../../lib/charts/run-colors.ts'
import { readChartColors, type ChartColors } from './chart-colors.ts'
import { drawEndLabels, endLabelRoom, labelsAtEnds, type EndLabel } from './chart-labels.ts'
import { drawMarks } from './chart-marks.ts'
import type { ChartMark, ChartModel, DrawnLine } from './chart-model.ts'

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale)

type LineChart = Chart<'line', Point[]>
type LineDataset = ChartDataset<'line', Point[]>

const rawOpacity = 0.25
const faintOpacity = 0.18

/** Draws a model with Chart.js and keeps its axes from jumping. Knows nothing of Svelte. */
export class ChartController {
  private readonly chart: LineChart
  private readonly canvas: HTMLCanvasElement
  private colors: ChartColors
  private frame = ''
  private x: Bounds = { min: 0, max: 0 }
  private y: Range | null = null
  private endLabels: readonly EndLabel[] = []
  private marks: readonly ChartMark[] = []

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
    this.colors = readChartColors(this.canvas.parentElement!)
    this.chart.data.datasets = model.lines.flatMap((line) => this.datasetsOf(line, this.colors.surface))
    this.endLabels = labelsAtEnds(model.lines)
    this.marks = model.marks
    this.scaleAxes(model)
    this.chart.update('none')
    return model.lines.reduce((sum, line) => sum + line.smoothed.length, 0)
  }

  /** The x value under a pixel of the canvas, and the other way round. */
  valueAt(pixel: number): number {
    return this.chart.scales.x?.getValueForPixel(pixel) ?? 0
  }

  pixelAt(value: number): number {
    return this.chart.scales.x?.getPixelForValue(value) ?? NaN
  }

  pixelOfY(value: number): number {
    return this.chart.scales.y?.getPixelForValue(value) ?? NaN
  }

  get area(): { left: number; right: number; top: number; bottom: number } {
    return this.chart.chartArea ?? { left: 0, right: 0, top: 0, bottom: 0 }
  }

  private startAnew(frame: string): void {
    this.frame = frame
    this.x = { min: 0, max: 0 }
    this.y = null
  }

  private scaleAxes(model: ChartModel): void {
    const points = model.lines.flatMap((line) => [line.raw, line.smoothed])
    const newest = Math.max(0, ...points.map((list) => list.at(-1)?.x ?? 0))
    this.x = model.xRange ?? { min: 0, max: steppedEnd(this.x.max, newest) }
    const needed = boundsOfY(points, model.logarithmic)
    if (needed) this.y = model.logarithmic ? steppedLogRange(this.y, needed) : steppedRange(this.y, needed, model.limit)
    this.chart.options.scales = this.scales(model)
  }

  private scales(model: ChartModel): NonNullable<ChartConfiguration<'line'>['options']>['scales'] {
    const { grid, quiet } = this.colors
    const font = { family: "'Inter Variable', system-ui, sans-serif", size: 11 }
    const y = this.y ?? { min: model.logarithmic ? 0.1 : 0, max: 1, step: 0.25 }
    return {
      x: {
        type: 'linear',
        ...this.x,
        max: this.x.max || 1,
        grid: { display: false },
        border: { color: grid },
        title: { display: true, align: 'end', text: axisTitles[model.axis], color: quiet, font, padding: 0 },
        ticks: {
          color: quiet,
          font,
          maxTicksLimit: 7,
          maxRotation: 0,
          includeBounds: false,
          ...(isTime(model.axis) ? { stepSize: timeStep(this.x.max - this.x.min) } : {}),
          callback: (value) => formatX(model.axis, Number(value)),
        },
      },
      y: {
        type: model.logarithmic ? 'logarithmic' : 'linear',
        min: y.min,
        max: y.max,
        grid: { color: grid, lineWidth: 1, drawTicks: false },
        border: { display: false },
        ticks: {
          color: quiet,
          font,
          padding: 6,
          callback: (value) =>
            !model.logarithmic || isTickOfDecade(Number(value)) ? model.formatY(Number(value)) : null,
          ...(model.logarithmic ? {} : { stepSize: y.step }),
        },
        afterFit: (scale) => void (scale.width = Math.max(44, scale.width)),
      },
    }
  }

  private datasetsOf(line: DrawnLine, surface: string): LineDataset[] {
    const color = line.faint ? withOpacity(line.color, faintOpacity) : line.color
    const base = {
      parsing: false as const,
      normalized: true,
      spanGaps: false,
      tension: 0,
      pointRadius: 0,
      pointHitRadius: 0,
    }
    const smoothed: LineDataset = {
      ...base,
      data: line.smoothed as Point[],
      borderColor: color,
      borderWidth: 1.5,
      borderDash: [...line.dash],
      borderJoinStyle: 'round',
      pointRadius: line.sparse ? 2.5 : singlePointRadius(line.smoothed),
      pointBackgroundColor: line.sparse ? surface : color,
      pointBorderColor: color,
      pointBorderWidth: 1.5,
    }
    if (line.raw.length === 0 || line.faint) return [smoothed]
    const raw: LineDataset = {
      ...base,
      data: line.raw as Point[],
      borderColor: withOpacity(line.color, rawOpacity),
      borderWidth: 1,
    }
    return [smoothed, raw]
  }

  private configuration(): ChartConfiguration<'line', Point[]> {
    return {
      type: 'line',
      data: { datasets: [] },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { right: endLabelRoom, top: 6 } },
        plugins: { legend: { display: false }, tooltip: { enabled: false } },
      },
      plugins: [this.endLabelPlugin(), this.markPlugin()],
    }
  }

  private markPlugin(): Plugin<'line'> {
    return {
      id: 'marks',
      beforeDatasetsDraw: ({ ctx, chartArea, scales }) => drawMarks(ctx, this.marks, scales.x!, chartArea, this.colors),
    }
  }

  private endLabelPlugin(): Plugin<'line'> {
    return {
      id: 'endLabels',
      afterDatasetsDraw: ({ ctx, scales }) => drawEndLabels(ctx, this.endLabels, scales.x!, scales.y!, this.colors),
    }
  }
}

/** A line of one point would be invisible without a marker. */
function singlePointRadius(points: readonly Point[]): number {
  return points.length === 1 ? 2 : 0
}

function boundsOfY(lists: readonly (readonly Point[])[], positive: boolean): Bounds | null {
  let [min, max] = [Infinity, -Infinity]
  for (const list of lists) {
    for (const { y } of list) {
      if (Number.isNaN(y) || (positive && y <= 0)) continue
      if (y < min) min = y
      if (y > max) max = y
    }
  }
  return min === Infinity ? null : { min, max }
}

/** Of a decade only 1, 2 and 5 are written. */
function isTickOfDecade(value: number): boolean {
  return [1, 2, 5].includes(Number((value / 10 ** Math.floor(Math.log10(value))).toPrecision(3)))
}
