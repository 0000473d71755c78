import { describe, expect, it } from 'vitest'
import { placeLabels, withoutSharedStart } from '../../../src-core/report/charts/end-labels.ts'
import { niceTicks, withoutExplosions } from '../../../src-core/report/charts/scale.ts'
import { shortened, svgChart } from '../../../src-core/report/charts/svg-chart.ts'
import type { ChartLine } from '../../../src-core/report/report-document.ts'

const axes = { title: 't', caption: '', xTitle: 'x', yTitle: 'y' }

function line(label: string, y: number[], style: ChartLine['style'] = 'smooth'): ChartLine {
  return { label, look: { color: 1, dash: 1 }, x: y.map((_, index) => index), y, style }
}

describe('ticks', () => {
  it.each([
    [0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [0.03, 2.4, [0, 0.5, 1, 1.5, 2, 2.5]],
    [0, 337, [0, 100, 200, 300, 400]],
    [5, 5, [5, 6]],
  ])('between %d and %d are round and cover both', (low, high, ticks) => {
    expect(niceTicks(low, high)).toEqual(ticks)
  })

  it('cut off what explodes, so that the other curves can be read', () => {
    expect(withoutExplosions([0.5, 2, 1, 1e18, NaN, Infinity, 1.5])).toEqual([0.5, 1, 1.5, 2])
    expect(withoutExplosions([0, 0, 3])).toEqual([0, 0, 3])
  })
})

describe('chart', () => {
  it('leaves a gap at values that are not finite', () => {
    const chart = svgChart({ ...axes, lines: [line('l', [0, NaN, 2, 3])] })
    expect(chart.match(/class="smooth[^>]*>.*? d="([^"]*)"/)![1]!.match(/M/g)).toHaveLength(2)
    expect(chart).not.toContain('NaN')
  })

  it('draws without any point', () => {
    expect(svgChart({ ...axes, lines: [] })).not.toContain('NaN')
  })

  it('gives the pattern of a run to its line, not to the single values behind it', () => {
    const chart = svgChart({ ...axes, lines: [line('l', [1, 2], 'raw'), line('l', [1, 2])] })
    expect(chart.match(/stroke-dasharray="6 3"/g)).toHaveLength(1)
  })

  it('names the ends of up to twelve lines', () => {
    const lines = Array.from({ length: 13 }, (_, index) => line(`run ${index}`, [index, index + 1]))
    expect(svgChart({ ...axes, lines: lines.slice(0, 12) }).match(/class="end"/g)).toHaveLength(12)
    expect(svgChart({ ...axes, lines }).match(/class="end"/g)).toBeNull()
  })
})

describe('labels', () => {
  it('move apart and stay inside', () => {
    const at = (y: number): { y: number; text: string } => ({ y, text: '' })
    expect(placeLabels([at(50), at(50), at(10)], 10, 0, 100)).toEqual([50, 60, 10])
    expect(placeLabels([at(99), at(98)], 10, 0, 100)).toEqual([100, 90])
  })

  it('leave out how all names begin, and never half a character', () => {
    expect(withoutSharedStart(['A, B, 1', 'A, B, 2'])).toEqual(['1', '2'])
    expect(withoutSharedStart(['same', 'same'])).toEqual(['same', 'same'])
    expect(shortened('🧪🧪🧪', 2)).toBe('🧪…')
  })
})
