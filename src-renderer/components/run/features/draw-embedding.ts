import { runColor, type Theme } from '../../../lib/charts/run-colors.ts'
import { addMark, markShape } from '../../../lib/inspection/class-marks.ts'
import { isWrong, type Embedding, type Plane } from '../../../lib/inspection/embedding-points.ts'

const radius = 3
const ringRadius = 5.5
const faint = 0.12

interface EmbeddingDrawing {
  readonly embedding: Embedding
  /** As of `pointPlaces`. */
  readonly places: Float32Array
  readonly plane: Plane
  /** The point that is shown beside the map; -1 for none. */
  readonly shown: number
  /** The class that stands out; null for none. */
  readonly emphasized: number | null
  readonly theme: Theme
}

/** Draws the points class by class: one path each, so that thousands take a few milliseconds. */
export function drawEmbedding(canvas: HTMLCanvasElement, drawing: EmbeddingDrawing): void {
  const { plane, embedding } = drawing
  const ratio = devicePixelRatio
  canvas.width = Math.round(plane.width * ratio)
  canvas.height = Math.round(plane.height * ratio)
  const context = canvas.getContext('2d')
  if (!context) return
  context.scale(ratio, ratio)
  for (const place of new Set(embedding.labels)) drawClass(context, drawing, place)
  context.globalAlpha = 1
  drawShown(context, drawing)
  // Read by tests, which cannot see a canvas.
  canvas.dataset['points'] = `${embedding.labels.length}`
}

function drawClass(context: CanvasRenderingContext2D, drawing: EmbeddingDrawing, place: number): void {
  const { embedding, places, emphasized, theme } = drawing
  const [marks, rings] = [new Path2D(), new Path2D()]
  embedding.labels.forEach((label, point) => {
    if (label !== place) return
    const [x, y] = [places[2 * point]!, places[2 * point + 1]!]
    addMark(marks, markShape(place), x, y, radius)
    if (isWrong(embedding, point)) addMark(rings, 'circle', x, y, ringRadius)
  })
  context.globalAlpha = emphasized === null || emphasized === place ? 1 : faint
  context.fillStyle = runColor(place, theme)
  context.fill(marks)
  context.strokeStyle = ink(theme)
  context.lineWidth = 1
  context.stroke(rings)
}

function drawShown(context: CanvasRenderingContext2D, { places, shown, theme }: EmbeddingDrawing): void {
  if (shown < 0) return
  const path = new Path2D()
  addMark(path, 'circle', places[2 * shown]!, places[2 * shown + 1]!, ringRadius + 3)
  context.strokeStyle = ink(theme)
  context.lineWidth = 2
  context.stroke(path)
}

function ink(theme: Theme): string {
  return theme === 'light' ? '#1b1c1f' : '#e5e6e9'
}
