import type { AnswerTo } from '../../../src-core/domain/inspection/answers.ts'

export type Embedding = AnswerTo<'embedding'>

/** Free room around the points, in pixels. */
const margin = 14

/**
 * Places of an embedding's points in a square of so many pixels, in their own proportion.
 * @returns x and y of each point
 */
export function pointPlaces({ places }: Embedding, side: number): Float32Array<ArrayBuffer> {
  const bounds = [0, 1].map((axis) => {
    let [least, most] = [Infinity, -Infinity]
    for (let at = axis; at < places.length; at += 2) {
      least = Math.min(least, places[at]!)
      most = Math.max(most, places[at]!)
    }
    return { middle: (least + most) / 2, extent: most - least }
  })
  const extent = Math.max(bounds[0]!.extent, bounds[1]!.extent) || 1
  const scale = (side - 2 * margin) / extent
  // The screen's y goes down.
  return places.map((value, at) => side / 2 + (at % 2 === 0 ? 1 : -1) * (value - bounds[at % 2]!.middle) * scale)
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
