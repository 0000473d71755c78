import { describe, expect, it } from 'vitest'
import type { AnswerTo } from '../../../../src-core/domain/inspection/answers.ts'
import { paletteSize } from '../../../../src-renderer/lib/charts/run-colors.ts'
import { markPath, markShape } from '../../../../src-renderer/lib/inspection/class-marks.ts'
import {
  nearestPoint,
  nextWrong,
  planeOf,
  pointPlaces,
} from '../../../../src-renderer/lib/inspection/embedding-points.ts'
import { heatPixels } from '../../../../src-renderer/lib/inspection/heat-pixels.ts'
import { historyLines, stepPlaces } from '../../../../src-renderer/lib/inspection/history-lines.ts'
import { sampleClassified } from '../../../support/sample-answers.ts'

/** Three points: right at (0, 0), wrong at (4, 0), right at (4, 2). */
const embedding: AnswerTo<'embedding'> = {
  kind: 'embedding',
  classes: ['a', 'b'],
  indices: Uint32Array.from([5, 6, 7]),
  labels: Uint16Array.from([0, 0, 1]),
  predicted: Uint16Array.from([0, 1, 1]),
  places: Float32Array.from([0, 0, 4, 0, 4, 2]),
  explained: 1,
}

describe('the map of the test images', () => {
  it('keeps the proportion of the points and is as high as they need', () => {
    const plane = planeOf(embedding, 228)
    expect(plane).toEqual({ width: 228, height: 128 })
    expect([...pointPlaces(embedding, plane)]).toEqual([14, 114, 214, 114, 214, 14])
  })

  it('has room for points that are all the same', () => {
    const same = { ...embedding, places: new Float32Array(6) }
    const plane = planeOf(same, 200)
    expect([...pointPlaces(same, plane)]).toEqual(Array.from({ length: 3 }, () => [100, plane.height / 2]).flat())
  })

  it('finds the point under the pointer', () => {
    const places = Float32Array.from([14, 114, 214, 114])
    expect([nearestPoint(places, 210, 110, 12), nearestPoint(places, 100, 100, 12)]).toEqual([1, -1])
  })

  it('goes from one wrong image to the next, and around', () => {
    expect([nextWrong(embedding, -1), nextWrong(embedding, 1)]).toEqual([1, 1])
    expect(nextWrong({ ...embedding, predicted: embedding.labels }, 0)).toBe(-1)
  })

  it('tells classes of one colour apart by their shape', () => {
    expect([0, paletteSize - 1, paletteSize, 2 * paletteSize].map(markShape)).toEqual([
      'circle',
      'circle',
      'square',
      'triangle',
    ])
    const paths = [0, 1, 2, 3, 4, 5].map((turn) => markPath(markShape(turn * paletteSize)))
    expect(new Set(paths).size).toBe(6)
  })
})

describe('a heat map', () => {
  it('is dark at nothing and below, bright at its largest value', () => {
    const pixels = heatPixels({ size: 2, values: Float32Array.from([0, -3, 2, 1]) })
    expect([...pixels.slice(0, 8)]).toEqual([68, 1, 84, 255, 68, 1, 84, 255])
    expect([...pixels.slice(8, 12)]).toEqual([253, 231, 37, 255])
  })

  it('is dark everywhere when nothing matters', () => {
    expect([...heatPixels({ size: 1, values: new Float32Array(1) })]).toEqual([68, 1, 84, 255])
  })
})

describe('how an answer came about', () => {
  it('follows the classes of the newest checkpoint', () => {
    const [newest] = sampleClassified().pictures
    const before = { ...newest!, probabilities: Float32Array.from({ length: 10 }, (_, place) => place / 45), top: [] }
    const lines = historyLines([{ classified: before }, { classified: newest! }])
    expect(lines.map(({ label }) => label)).toEqual(['3', '4', '5', '6', '7'])
    expect(lines[0]!.values[0]).toBeCloseTo(3 / 45)
    expect(lines[0]!.values[1]).toBeCloseTo(0.91)
    const unread = { ...before, probabilities: null }
    expect(historyLines([{ classified: unread }, { classified: newest! }])[0]!.values[0]).toBeNull()
  })

  it('places steps in proportion, and a single one in the middle', () => {
    expect(stepPlaces([10, 20, 50])).toEqual([0, 0.25, 1])
    expect(stepPlaces([7])).toEqual([0.5])
  })
})
