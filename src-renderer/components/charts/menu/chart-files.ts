import type { Client } from '../../../../src-core/contract/client.ts'
import { mostDrawnReferences } from '../../../../src-core/domain/references/drawn-references.ts'
import { csvOfLines } from '../../../lib/charts/export/csv-chart.ts'
import { svgChart, type SvgChart } from '../../../lib/charts/export/svg-chart.ts'
import { axisTitles } from '../../../lib/charts/places.ts'
import { readChartColors } from '../chart-colors.ts'
import type { FoundLine } from '../chart-lines.ts'
import type { ChartModel } from '../chart-model.ts'
import type { ChartController } from '../drawing/chart-controller.ts'

/** A chart as it stands at a moment, for its table and its files. */
export interface ChartSnapshot {
  readonly title: string
  readonly unit: string | undefined
  /** What the value axis shows, with its unit. */
  readonly yTitle: string
  readonly canvas: HTMLCanvasElement
  readonly controller: ChartController
  readonly model: ChartModel
  readonly found: readonly FoundLine[]
}

/** `csv` holds every logged value, `lines` the drawn points of lines that were worked out in the window. */
export type ChartFileKind = 'png' | 'svg' | 'csv' | 'lines'

/** A name without what file systems refuse. */
function fileName({ title }: ChartSnapshot): string {
  return title.replace(/[^\p{L}\p{N} .,()-]+/gu, '-').slice(0, 120) || 'chart'
}

function heading({ title, unit }: ChartSnapshot): string {
  return unit ? `${title} (${unit})` : title
}

/** The chart as lines and words; its values are those of the drawing. */
export function svgOf(snapshot: ChartSnapshot): string {
  const { canvas, controller, model } = snapshot
  const chart: SvgChart = {
    title: heading(snapshot),
    xTitle: axisTitles[model.axis],
    yTitle: snapshot.yTitle,
    width: canvas.clientWidth,
    height: canvas.clientHeight,
    area: controller.area,
    scales: controller.scales(),
    xTicks: controller.ticks('x'),
    yTicks: controller.ticks('y'),
    marks: model.marks.map(({ x, label }) => ({ value: x, text: label })),
    lines: model.lines,
    colors: readChartColors(canvas.parentElement!),
  }
  return svgChart(chart)
}

/** Pixels of the picture for each pixel on the screen: enough for a page in print. */
const pictureScale = 2

/** The chart as a picture, drawn anew from its lines so that it is sharp and has a title and a legend. */
async function pngOf(snapshot: ChartSnapshot): Promise<Uint8Array<ArrayBuffer>> {
  const picture = new Image()
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgOf(snapshot))}`
  await picture.decode()
  const canvas = document.createElement('canvas')
  canvas.width = picture.naturalWidth * pictureScale
  canvas.height = picture.naturalHeight * pictureScale
  const context = canvas.getContext('2d')!
  context.scale(pictureScale, pictureScale)
  context.drawImage(picture, 0, 0)
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'))
  if (!blob) throw new Error('The chart is too large for a picture.')
  return new Uint8Array(await blob.arrayBuffer())
}

/** Saves a chart where the user chooses; answers the place, null when cancelled. */
export async function saveChart(client: Client, snapshot: ChartSnapshot, kind: ChartFileKind): Promise<string | null> {
  const suggestedName = fileName(snapshot)
  if (kind === 'svg') return client.call('files.saveText', { suggestedName, kind, text: svgOf(snapshot) })
  if (kind === 'png') return client.call('files.saveBinary', { suggestedName, kind, bytes: await pngOf(snapshot) })
  if (kind === 'lines') {
    const lines = snapshot.found.map(({ line, series }) => ({ label: line.label, columns: series.columns }))
    return client.call('files.saveText', { suggestedName, kind: 'csv', text: csvOfLines(lines) })
  }
  const reads = snapshot.found.flatMap(({ line }) => line.source?.reads ?? [line])
  const references = snapshot.found.flatMap(({ line }) => line.reference ?? [])
  const different = (values: string[]): string[] => values.filter((value, index) => values.indexOf(value) === index)
  return client.call('metrics.saveCsv', {
    suggestedName,
    runIds: different(reads.map(({ runId }) => runId)),
    metrics: different(reads.map(({ metric }) => metric)),
    references: references.slice(0, mostDrawnReferences),
  })
}
