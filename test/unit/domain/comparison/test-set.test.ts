import { describe, expect, test } from 'vitest'
import {
  classDeltas,
  confusionOf,
  contingency,
  disagreements,
  matchImages,
  testSentences,
} from '../../../../src-core/domain/comparison/test-set.ts'

/** Images by place: [place, label, predicted, probability]. */
function predictions(rows: readonly (readonly [number, number, number, number])[], classes = ['cat', 'dog', 'emu']) {
  return {
    classes,
    indices: Uint32Array.from(rows, ([place]) => place),
    labels: Uint16Array.from(rows, ([, label]) => label),
    predicted: Uint16Array.from(rows, ([, , predicted]) => predicted),
    probability: Float32Array.from(rows, ([, , , probability]) => probability),
  }
}

const a = predictions([
  [10, 0, 0, 0.5],
  [11, 0, 0, 0.5],
  [12, 1, 1, 0.5],
  [13, 1, 2, 0.5],
  [14, 1, 1, 0.5],
])
const b = predictions([
  [14, 1, 0, 0.75],
  [13, 1, 0, 0.25],
  [12, 1, 1, 0.5],
  [11, 0, 1, 1],
  [9, 2, 2, 0.5],
])
const same = matchImages(a, b)

describe('the same test set', () => {
  test('images are matched by their places, whatever their order', () => {
    expect([...same.indices]).toEqual([11, 12, 13, 14])
    expect([...same.labels]).toEqual([0, 1, 1, 1])
    expect([...same.a.predicted]).toEqual([0, 1, 2, 1])
    expect([...same.b.predicted]).toEqual([1, 1, 0, 0])
    expect([...same.b.probability]).toEqual([1, 0.5, 0.25, 0.75])
    expect(same.leftOut).toBe(2)
  })

  test('networks that share no image share an empty set', () => {
    const none = matchImages(predictions([[1, 0, 0, 1]]), predictions([[2, 0, 0, 1]]))
    expect(none.indices).toHaveLength(0)
    expect(none.leftOut).toBe(2)
    expect(contingency(none)).toEqual({ both: 0, onlyA: 0, onlyB: 0, neither: 0 })
  })

  test('a prediction beyond the classes of the data has its number for a name', () => {
    expect(matchImages(predictions([[1, 0, 4, 1]]), predictions([[1, 0, 0, 1]])).classes).toEqual([
      'cat',
      'dog',
      'emu',
      'class 3',
      'class 4',
    ])
  })

  test('every image is counted by who gets it right', () => {
    expect(contingency(same)).toEqual({ both: 1, onlyA: 2, onlyB: 0, neither: 1 })
  })

  test('the surest mistakes come first', () => {
    expect(disagreements(same, same.a, same.b)).toEqual([0, 3])
    expect(disagreements(same, same.b, same.a)).toEqual([])
  })

  test('confusion counts the true class by rows', () => {
    expect(confusionOf(same, same.a)).toEqual({ classes: 3, counts: [1, 0, 0, 0, 2, 1, 0, 0, 0] })
    expect(confusionOf(same, same.b)).toEqual({ classes: 3, counts: [0, 1, 0, 2, 1, 0, 0, 0, 0] })
  })

  test('a class is better in B where its delta is positive; one without images has none', () => {
    expect(classDeltas(same)).toEqual([
      { index: 0, name: 'cat', images: 1, a: 1, b: 0, delta: -1 },
      { index: 1, name: 'dog', images: 3, a: 2 / 3, b: 1 / 3, delta: -1 / 3 },
    ])
  })
})

describe('the test in words', () => {
  test('names the better one only where chance is unlikely', () => {
    const counts = { both: 900, neither: 10 }
    const [verdict, how] = testSentences({ ...counts, onlyA: 60, onlyB: 20 })
    expect(verdict).toBe('A is better on these images: it alone is right on 60, the other alone on 20.')
    // (|60 - 20| - 1)^2 / 80 = 19.01
    expect(how).toMatch(/80 images.*chi-square.*p < 0\.001\.$/)
    expect(testSentences({ ...counts, onlyA: 2, onlyB: 12 })[0]).toMatch(/^B is better/)
    expect(testSentences({ ...counts, onlyA: 5, onlyB: 6 })[0]).toMatch(/may be chance/)
    expect(testSentences({ ...counts, onlyA: 5, onlyB: 6 })[1]).toMatch(/exact binomial: p = 1\.00\.$/)
  })

  test('has nothing to say where both are right on the same images', () => {
    expect(testSentences({ both: 5, onlyA: 0, onlyB: 0, neither: 1 })[1]).toMatch(/nothing to test/)
  })
})
