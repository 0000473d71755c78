import { describe, expect, it } from 'vitest'
import type { ArtifactHeader } from '../../../src-core/domain/evaluation/artifact.ts'
import { artifactsAbout, placeOfStep, subjectsOf } from '../../../src-renderer/lib/evaluation/evaluations.ts'
import {
  cellAfterKey,
  cellLevel,
  cellSentence,
  cellText,
  classNames,
  classResults,
  confusionView,
} from '../../../src-renderer/lib/evaluation/confusion-view.ts'
import { heatColor, inkOnHeat, luminance } from '../../../src-renderer/lib/evaluation/heat-colors.ts'
import { cellAt, matrixLayout } from '../../../src-renderer/lib/evaluation/matrix-layout.ts'

const view = confusionView({ classes: 3, counts: [81, 9, 0, 12, 86, 0, 0, 0, 0] })
const names = ['cat', 'dog', 'owl']

function header(id: number, step: number, subject: string, kind: ArtifactHeader['kind'] = 'confusion'): ArtifactHeader {
  return { id, step, subject, kind }
}

describe('the evaluations of a run', () => {
  const headers = [
    header(3, 20, 'validation'),
    header(1, 10, 'validation'),
    header(4, 20, 'test'),
    header(2, 10, 'conv1', 'reconstruction'),
  ]

  it('are found by their kind and part, in the order of their steps', () => {
    expect(artifactsAbout(headers, 'confusion', 'validation').map(({ id }) => id)).toEqual([1, 3])
    expect([subjectsOf(headers, 'confusion'), subjectsOf(headers, 'reconstruction')]).toEqual([
      ['validation', 'test'],
      ['conv1'],
    ])
  })

  it('are shown at the chosen step or the one before it, and follow the newest', () => {
    const two = artifactsAbout(headers, 'confusion', 'validation')
    expect([null, 20, 15, 5].map((step) => placeOfStep(two, step))).toEqual([1, 1, 0, 0])
    expect([placeOfStep([], null), placeOfStep([], 7)]).toEqual([-1, -1])
  })
})

describe('a confusion matrix', () => {
  it('is summed by its rows', () => {
    expect(view).toMatchObject({ rowSums: [90, 98, 0], images: 188, recognised: 167, largest: 86 })
  })

  it('says what a cell holds', () => {
    expect(cellSentence(view, { row: 1, column: 0 }, names)).toBe('true dog, predicted cat: 12 of 98 (12.24 %)')
    expect(cellSentence(view, { row: 2, column: 0 }, names)).toBe('true owl, predicted cat: 0 of 0')
  })

  it('writes counts or shares, and nothing for none', () => {
    expect([
      cellText(view, { row: 0, column: 1 }, 'count'),
      cellText(view, { row: 0, column: 0 }, 'share'),
      cellText(view, { row: 2, column: 2 }, 'share'),
    ]).toEqual(['9', '90', ''])
    expect(cellText(confusionView({ classes: 2, counts: [197, 3, 0, 5] }), { row: 0, column: 1 }, 'share')).toBe('1.5')
  })

  it('has colours of the square root: of the largest count, or of the share of the class', () => {
    expect(cellLevel(view, { row: 1, column: 1 }, 'count')).toBe(1)
    expect(cellLevel(view, { row: 0, column: 0 }, 'share')).toBeCloseTo(Math.sqrt(0.9), 12)
    expect(cellLevel(view, { row: 2, column: 1 }, 'share')).toBe(0)
  })

  it('lists the classes in their order or the least recognised first, those without images last', () => {
    const [cat, dog, owl] = classResults(view, names, 'class')
    expect([cat!.accuracy, dog!.mistakes, owl!.accuracy]).toEqual([0.9, [{ name: 'cat', count: 12 }], null])
    expect(classResults(view, names, 'accuracy').map(({ name }) => name)).toEqual(['dog', 'cat', 'owl'])
  })

  it('orders what a class is taken for by frequency', () => {
    const [first] = classResults(confusionView({ classes: 3, counts: [5, 1, 4, 0, 1, 0, 0, 0, 1] }), names, 'class')
    expect(first!.mistakes).toEqual([
      { name: 'owl', count: 4 },
      { name: 'dog', count: 1 },
    ])
  })

  it('names classes beyond the labels of the data by their number', () => {
    expect(classNames(3, ['cat'])).toEqual(['cat', 'class 1', 'class 2'])
  })

  it('is walked by the arrow keys without leaving it', () => {
    const at = { row: 0, column: 2 }
    expect(['ArrowUp', 'ArrowDown', 'ArrowRight', 'Home', 'a'].map((key) => cellAfterKey(at, key, 3))).toEqual([
      { row: 0, column: 2 },
      { row: 1, column: 2 },
      { row: 0, column: 2 },
      { row: 0, column: 0 },
      null,
    ])
  })
})

describe('the layout of a matrix', () => {
  const room = { width: 420, height: 560, labelWidth: 7, numberWidth: 21 }

  it('has large cells with numbers and every label for ten classes', () => {
    const layout = matrixLayout({ ...room, classes: 10 })
    expect(layout).toMatchObject({ cell: 38, labelEvery: 1, upright: false, numbers: true, grid: true })
    expect(layout.width).toBeLessThanOrEqual(room.width)
  })

  it('shrinks cells and thins out labels for 200 classes, still inside its room', () => {
    const layout = matrixLayout({ ...room, classes: 200, labelWidth: 300 })
    expect(layout).toMatchObject({ upright: true, numbers: false, grid: false, labelEvery: 10 })
    expect([layout.width <= room.width, layout.height <= room.height, layout.cell > 1]).toEqual([true, true, true])
  })

  it('finds the cell under the pointer', () => {
    const layout = matrixLayout({ ...room, classes: 10 })
    const { left, top, cell } = layout
    expect(cellAt(layout, 10, left + 2.5 * cell, top + 0.5 * cell)).toEqual({ row: 0, column: 2 })
    expect([cellAt(layout, 10, left - 1, top), cellAt(layout, 10, left + 10 * cell + 1, top)]).toEqual([null, null])
  })
})

describe('the colours of a heat map', () => {
  const channels = (color: string): [number, number, number] =>
    color.match(/\d+/g)!.map(Number) as [number, number, number]
  const levels = Array.from({ length: 101 }, (_, index) => index / 100)

  it('grow darker on a light page and brighter on a dark one, without a step back', () => {
    const dark = levels.map((level) => luminance(channels(heatColor(level, 'dark'))))
    expect(dark).toEqual([...dark].sort((a, b) => a - b))
    expect(heatColor(0.3, 'light')).toBe(heatColor(0.7, 'dark'))
  })

  it('leave every number readable', () => {
    const contrast = (level: number): number => {
      const [below, ink] = [luminance(channels(heatColor(level, 'dark'))), inkOnHeat(level, 'dark')]
      return ink === '#ffffff' ? 1.05 / (below + 0.05) : (below + 0.05) / 0.05
    }
    expect(Math.min(...levels.map(contrast))).toBeGreaterThan(4.5)
  })
})
