import { Chart, DatasetController, type CartesianScaleTypeRegistry, type LineControllerChartOptions } from 'chart.js'

declare module 'chart.js' {
  interface ChartTypeRegistry {
    columns: {
      chartOptions: LineControllerChartOptions
      datasetOptions: { paint: (chart: Chart) => void }
      defaultDataPoint: number
      metaExtensions: object
      parsedDataType: { x: number; y: number }
      scales: keyof CartesianScaleTypeRegistry
    }
  }
}

/**
 * Draws all lines of a chart straight from their columns. Chart.js' own controller makes an object for every point,
 * parses and measures each of them; here the chart keeps the axes, the layout and the canvas, and the lines are ours.
 */
export class ColumnsController extends DatasetController<'columns'> {
  static id = 'columns'
  /** Chart.js wants a kind of element to be named; none is ever made. */
  static defaults = { dataElementType: 'point' }

  override addElements(): void {
    // There is no object per line or point.
  }
  override buildOrUpdateElements(): void {
    // Nothing is parsed: the columns are read when they are drawn.
  }
  override update(): void {
    // Nothing moves from an old place to a new one.
  }
  /** The axes have fixed ends; the scales ask all the same. */
  override getMinMax(): { min: number; max: number } {
    return { min: 0, max: 1 }
  }

  override draw(): void {
    ;(this.getDataset() as unknown as { paint: (chart: Chart) => void }).paint(this.chart)
  }
}
