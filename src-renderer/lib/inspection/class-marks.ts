import { paletteSize } from '../charts/run-colors.ts'

/** The shapes that tell classes of one colour apart; beyond all of them they repeat. */
const shapes = ['circle', 'square', 'triangle', 'diamond', 'plus', 'cross'] as const
export type MarkShape = (typeof shapes)[number]

/** The first classes are circles of different colours, the next ones squares of the same colours, and so on. */
export function markShape(classIndex: number): MarkShape {
  return shapes[Math.floor(classIndex / paletteSize) % shapes.length]!
}

/** The outline of a mark as points around (0, 0); a circle has none. Plus and cross are drawn as strokes. */
const outlines: Readonly<Record<Exclude<MarkShape, 'circle'>, readonly (readonly [number, number])[]>> = {
  square: [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ],
  triangle: [
    [0, -1.15],
    [1.1, 0.85],
    [-1.1, 0.85],
  ],
  diamond: [
    [0, -1.3],
    [1.1, 0],
    [0, 1.3],
    [-1.1, 0],
  ],
  plus: bars(0),
  cross: bars(Math.PI / 4),
}

/** Two crossed bars, turned by an angle. */
function bars(angle: number): (readonly [number, number])[] {
  const [long, thin] = [1.25, 0.4]
  const corners = [
    [-thin, -long], [thin, -long], [thin, -thin], [long, -thin], [long, thin], [thin, thin],
    [thin, long], [-thin, long], [-thin, thin], [-long, thin], [-long, -thin], [-thin, -thin],
  ] as const // prettier-ignore
  return corners.map(([x, y]) => [x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)])
}

/** Adds a mark to a path. @param radius in pixels */
export function addMark(path: Path2D, shape: MarkShape, x: number, y: number, radius: number): void {
  if (shape === 'circle') {
    path.moveTo(x + radius, y)
    path.arc(x, y, radius, 0, 2 * Math.PI)
    return
  }
  outlines[shape].forEach(([dx, dy], corner) => {
    const to = [x + dx * radius, y + dy * radius] as const
    if (corner === 0) path.moveTo(...to)
    else path.lineTo(...to)
  })
  path.closePath()
}

/** A mark as an SVG path in a square from -2 to 2. */
export function markPath(shape: MarkShape): string {
  if (shape === 'circle') return 'M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0Z'
  return `M${outlines[shape].map(([x, y]) => `${x.toFixed(3)} ${y.toFixed(3)}`).join('L')}Z`
}
