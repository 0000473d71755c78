import { Chart, LinearScale, LogarithmicScale, PointElement, ScatterController, type ChartOptions } from 'chart.js'
import type { Dimension } from '../../../../lib/grid/axes.ts'
import type { ChartColors } from '../../../charts/chart-colors.ts'

Chart.register(ScatterController, PointElement, LinearScale, LogarithmicScale)

export interface ScatterPoint {
  readonly x: number
  readonly y: number
  readonly color: string
  /** Number of the run among the compared ones. */
  readonly run: number
}

export interface ScatterDrawing {
  readonly points: readonly ScatterPoint[]
  readonly x: Dimension
  readonly y: Dimension
  readonly logarithmic: { readonly x: boolean; readonly y: boolean }
  readonly colors: ChartColors
}

const font = { family: "'Inter Variable', system-ui, sans-serif", size: 11 }

function axisOptions(dimension: Dimension, logarithmic: boolean, colors: ChartColors) {
  const { levels, title, format } = dimension
  return {
    type: logarithmic ? ('logarithmic' as const) : ('linear' as const),
    ...(levels && { min: -0.5, max: levels.length - 0.5 }),
    title: { display: true, text: title, color: colors.quiet, font },
    grid: { color: colors.grid },
    border: { color: colors.grid },
    ticks: {
      color: colors.quiet,
      font,
      ...(levels && { stepSize: 1 }),
      maxTicksLimit: 8,
      callback: (value: string | number) =>
        levels ? (Number.isInteger(Number(value)) ? (levels[Number(value)] ?? '') : '') : format(Number(value)),
    },
  }
}

function optionsOf(
  { x, y, logarithmic, colors }: ScatterDrawing,
  onpoint: (index: number | null) => void,
): ChartOptions<'scatter'> {
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    scales: { x: axisOptions(x, logarithmic.x, colors), y: axisOptions(y, logarithmic.y, colors) },
    plugins: { legend: { display: false }, tooltip: { enabled: false } },
    interaction: { mode: 'nearest', intersect: true },
    onHover: (_event, elements) => onpoint(elements[0]?.index ?? null),
  }
}

/** A scatter plot on a canvas; `onpoint` hears which point is pointed at, by its number. */
export class ScatterChart {
  readonly #chart: Chart<'scatter'>
  readonly #onpoint: (index: number | null) => void

  constructor(canvas: HTMLCanvasElement, onpoint: (index: number | null) => void) {
    this.#onpoint = onpoint
    this.#chart = new Chart(canvas, { type: 'scatter', data: { datasets: [] }, options: { animation: false } })
  }

  /** Draws anew, with the point at `current` larger. */
  draw(drawing: ScatterDrawing, current: number | null): void {
    const { points, colors } = drawing
    this.#chart.data.datasets = [
      {
        data: points.map(({ x, y }) => ({ x, y })),
        pointBackgroundColor: points.map(({ color }) => color),
        pointBorderColor: points.map((_, index) => (index === current ? colors.ink : colors.quiet)),
        pointBorderWidth: points.map((_, index) => (index === current ? 2 : 0.5)),
        pointRadius: points.map((_, index) => (index === current ? 7 : 4.5)),
        pointHitRadius: 4,
      },
    ]
    this.#chart.options = optionsOf(drawing, this.#onpoint)
    this.#chart.update('none')
  }

  destroy(): void {
    this.#chart.destroy()
  }
}
