import type { AnswerTo } from '../../../src-core/domain/inspection/answers.ts'

export type Embedding = AnswerTo<'embedding'>

/** Free room around the points, in pixels. */
const margin = 14

export interface Plane {
  /** In CSS pixels. */
  readonly width: number
  readonly height: number
}

/** The plane for an embedding: as high as its points need at the given width, within limits. */
export function planeOf(embedding: Embedding, width: number): Plane {
  const [across, down] = extentsOf(embedding)
  const height = across.extent > 0 ? ((width - 2 * margin) * down.extent) / across.extent + 2 * margin : width
  return { width, height: Math.round(Math.max(width / 2, Math.min(width, height))) }
}

/**
 * Places of an embedding's points on a plane, in their own proportion.
 * @returns x and y of each point in pixels
 */
export function pointPlaces(embedding: Embedding, { width, height }: Plane): Float32Array<ArrayBuffer> {
  const extents = extentsOf(embedding)
  const room = [width - 2 * margin, height - 2 * margin]
  const scale = Math.min(...extents.map(({ extent }, axis) => room[axis]! / (extent || 1)))
  // The screen's y goes down.
  return embedding.places.map((value, at) =>
    at % 2 === 0 ? width / 2 + (value - extents[0].middle) * scale : height / 2 - (value - extents[1].middle) * scale,
  )
}

interface Extent {
  readonly middle: number
  readonly extent: number
}

function extentsOf({ places }: Embedding): [Extent, Extent] {
  const along = (axis: 0 | 1): Extent => {
    let [least, most] = [Infinity, -Infinity]
    for (let at: number = axis; at < places.length; at += 2) {
      least = Math.min(least, places[at]!)
      most = Math.max(most, places[at]!)
    }
    return { middle: (least + most) / 2, extent: most - least }
  }
  return [along(0), along(1)]
}

/** The point nearest to a place, at most `reach` pixels from it; -1 for none. @param places as of `pointPlaces` */
export function nearestPoint(places: Float32Array, x: number, y: number, reach: number): number {
  let [nearest, distance] = [-1, reach]
  for (let at = 0; at < places.length; at += 2) {
    const to = Math.hypot(places[at]! - x, places[at + 1]! - y)
    if (to <= distance) [nearest, distance] = [at / 2, to]
  }
  return nearest
}

export function isWrong({ labels, predicted }: Pick<Embedding, 'labels' | 'predicted'>, point: number): boolean {
  return labels[point] !== predicted[point]
}

/** The next wrong point after one, from the first again after the last; -1 when none is wrong. */
export function nextWrong(embedding: Embedding, after: number): number {
  const count = embedding.labels.length
  for (let offset = 1; offset <= count; offset++) {
    const point = (after + offset) % count
    if (isWrong(embedding, point)) return point
  }
  return -1
}
