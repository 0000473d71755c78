import { describe, expect, it } from 'vitest'
import { sampleSpec } from '../../../support/renderer/sample-runs.ts'
import { planArchitecture } from '../../../../src-core/domain/network/architecture.ts'
import { noSmoothing } from '../../../../src-core/domain/statistics/series-smoothing.ts'
import { steppedRange, tickStep, unlimited } from '../../../../src-renderer/lib/charts/axis.ts'
import { sideBySide } from '../../../../src-renderer/components/charts/chart-lines.ts'
import type { DrawnLine } from '../../../../src-renderer/components/charts/chart-model.ts'
import { readRange } from '../../../../src-renderer/lib/charts/step-range.ts'
import { nearestIndex, type DrawnSeries } from '../../../../src-renderer/lib/charts/columns.ts'
import {
  bandBetween,
  lineThrough,
  movedBy,
  pixelScale,
  rawBehind,
  spansOf,
  whiskersOf,
} from '../../../../src-renderer/lib/charts/drawing/pixel-paths.ts'
import { formatPlace, placeAt, placeFacts, placesOf } from '../../../../src-renderer/lib/charts/places.ts'
import { smoothedValues } from '../../../../src-renderer/lib/charts/smoothing.ts'
import { boundsOfValues } from '../../../../src-renderer/lib/charts/drawing/value-range.ts'
import { valueRows } from '../../../../src-renderer/lib/charts/value-rows.ts'
import { panned, placeOfStep, stepAt, zoomedAround } from '../../../../src-renderer/lib/charts/drawing/zoom.ts'

/** Typed columns, as they may come: nothing here may call an array's methods on them. */
function seriesOf(values: readonly number[], bucket = 1): DrawnSeries {
  const column = (of: (value: number, index: number) => number): Float64Array => Float64Array.from(values, of)
  return {
    columns: {
      step: column((_, i) => (i + 1) * bucket),
      epoch: column((_, i) => (i + 1) / 10),
      wallTime: column((_, i) => 1_000 + (i + 1) * 100),
      activeTime: column((_, i) => (i + 1) * 90),
      last: column((value) => value),
      min: column((value) => value),
      max: column((value) => value),
    },
    length: values.length,
    total: values.length * bucket,
    bucket,
    firstNonFinite: null,
  }
}

const facts = { origin: 1_000, batchSize: 32, macsPerImage: 5 }

describe('places on the x axis', () => {
  const series = seriesOf([1, 1, 1])
  const at = (axis: Parameters<typeof placesOf>[1]): number => placeAt(placesOf(series, axis, facts), 1)

  it('are steps, epochs, images, times and multiply-accumulates', () => {
    expect([at('step'), at('epoch'), at('active'), at('wall')]).toEqual([2, 0.2, 180, 200])
    expect([at('images'), at('macs')]).toEqual([64, 64 * 5 * 3])
  })

  it('never begin before the first point, whatever the start says', () => {
    expect(placeAt(placesOf(series, 'wall', { ...facts, origin: null }), 0)).toBe(0)
    expect(placeAt(placesOf(series, 'wall', { ...facts, origin: 9_999 }), 0)).toBe(0)
  })

  it('take the multiply-accumulates from the plan of the network', () => {
    const spec = sampleSpec(['training.batchSize=64'])
    const { conv, dense } = planArchitecture(spec.model).macs
    expect(placeFacts({ spec, startedAt: 7 })).toEqual({ origin: 7, batchSize: 64, macsPerImage: conv + dense })
  })

  it('are written short', () => {
    expect([formatPlace('step', 12_000_000), formatPlace('images', 12_000_000), formatPlace('macs', 3.2e15)]).toEqual([
      '12,000,000',
      '12 M',
      '3.2 P',
    ])
  })
})

/** A path that remembers where the pen went. */
class Pen {
  readonly moves: string[] = []
  readonly points: { x: number; y: number }[] = []
  moveTo(x: number, y: number): void {
    this.moves.push('M')
    this.points.push({ x, y })
  }
  lineTo(x: number, y: number): void {
    this.moves.push('L')
    this.points.push({ x, y })
  }
  closePath(): void {
    this.moves.push('Z')
  }
}

function scalesTo(width: number, last: number, top = 1) {
  return {
    x: pixelScale({ min: 0, max: last }, { from: 0, to: width }, false),
    y: pixelScale({ min: 0, max: top }, { from: 100, to: 0 }, false),
    from: 0,
    to: last,
  }
}

describe('a path', () => {
  const noise = seriesOf(Array.from({ length: 5_000 }, (_, i) => (i === 2_345 ? 1 : 0.4 + 0.2 * ((i * 7) % 2))))
  const places = placesOf(noise, 'step', facts)

  it('of a long line has at most four points per half pixel and keeps the one extreme', () => {
    const pen = new Pen()
    lineThrough(pen, places, noise.columns.last, scalesTo(100, 5_000))
    expect(pen.points.length).toBeLessThanOrEqual(4 * 201)
    expect(Math.min(...pen.points.map(({ y }) => y))).toBeCloseTo(0)
  })

  it('of raw values has one stroke per pixel column and keeps the one extreme', () => {
    const pen = new Pen()
    spansOf(pen, places, noise.columns, scalesTo(100, 5_000))
    expect(pen.moves.filter((move) => move === 'M').length).toBeLessThanOrEqual(101)
    expect(Math.min(...pen.points.map(({ y }) => y))).toBeCloseTo(0)
  })

  it('of few points goes through each of them, with a gap where a value is no number', () => {
    const series = seriesOf([0, 1, NaN, 0.5, Infinity, 0, 1])
    const pen = new Pen()
    lineThrough(pen, placesOf(series, 'step', facts), series.columns.last, scalesTo(700, 7))
    expect(pen.moves.filter((move) => move === 'M')).toHaveLength(3)
    expect(new Set(pen.points.map(({ x, y }) => `${x} ${y}`))).toEqual(
      new Set(['100 100', '200 0', '400 50', '600 100', '700 0']),
    )
  })

  it('holds only what is visible, and one point more on either side', () => {
    const pen = new Pen()
    const scales = { ...scalesTo(100, 5_000), from: 2_000, to: 2_010 }
    lineThrough(pen, places, noise.columns.last, scales)
    const xs = pen.points.map(({ x }) => x)
    expect([Math.min(...xs), Math.max(...xs)].map(Math.round)).toEqual([40, 40])
  })

  it('of a band is one closed shape for each stretch', () => {
    const series = seriesOf([0.2, 0.3, NaN, 0.4, 0.5])
    const pen = new Pen()
    bandBetween(
      pen,
      placesOf(series, 'step', facts),
      { min: series.columns.min, max: [1, 1, 1, 1, 1] },
      scalesTo(500, 5),
    )
    expect(pen.moves.join('')).toBe('MLLLZMLLLZ')
  })

  it('of raw values is a line where points are sparse: upright strokes would look like error bars', () => {
    const few = seriesOf([0.2, 0.8, 0.4])
    const pen = new Pen()
    rawBehind(pen, placesOf(few, 'step', facts), few.columns, scalesTo(300, 3))
    expect(new Set(pen.points.map(({ x, y }) => `${x} ${Math.round(y)}`))).toEqual(
      new Set(['100 80', '200 20', '300 60']),
    )
    const [dense, strokes] = [new Pen(), new Pen()]
    rawBehind(dense, places, noise.columns, scalesTo(100, 5_000))
    spansOf(strokes, places, noise.columns, scalesTo(100, 5_000))
    expect(dense.points).toEqual(strokes.points)
  })

  it('of a band that has a single point is a whisker with caps, beside those of other lines', () => {
    const one = seriesOf([0.5])
    const pen = new Pen()
    const ends = { min: [0.2], max: [0.9] }
    const scales = movedBy(scalesTo(100, 2), -9)
    whiskersOf(pen, placesOf(one, 'step', facts), ends, scales)
    expect(pen.points.slice(0, 2)).toEqual([
      { x: 41, y: expect.closeTo(10) as number },
      { x: 41, y: expect.closeTo(80) as number },
    ])
    expect(pen.moves.join('')).toBe('MLMLML')
    // Points that a band joins have none, nor has one run, whose ends are its value.
    const none = new Pen()
    const two = seriesOf([0.5, 0.6])
    whiskersOf(none, placesOf(two, 'step', facts), { min: [0, 0], max: [1, 1] }, scalesTo(100, 2))
    whiskersOf(none, placesOf(one, 'step', facts), one.columns, scalesTo(100, 2))
    expect(none.points).toEqual([])
  })

  it('has decades of equal width on a logarithmic axis', () => {
    const pen = new Pen()
    const series = seriesOf([1, 10, 100])
    const y = pixelScale({ min: 1, max: 100 }, { from: 100, to: 0 }, true)
    lineThrough(pen, placesOf(series, 'step', facts), series.columns.last, { ...scalesTo(300, 3), y })
    expect([...new Set(pen.points.map(({ y }) => Math.round(y)))]).toEqual([100, 50, 0])
  })
})

describe('whiskers at one place', () => {
  it('stand side by side, the last at its place', () => {
    const drawn = (length: number, band: boolean): DrawnLine => ({
      ...{ runId: '', label: '', stands: null, color: '', dash: [], sparse: true, faint: false, strong: false },
      ...{ places: { values: [], scale: 1, shift: 0 }, smoothed: new Array<number>(length).fill(1), span: null },
      ...{ band, aside: 0, endLabel: '' },
    })
    const lines = [drawn(1, true), drawn(1, true), drawn(2, true), drawn(1, false), drawn(1, true)]
    expect(sideBySide(lines).map(({ aside }) => aside)).toEqual([-18, -9, 0, 0, 0])
  })
})

describe('steps that are typed', () => {
  it('are a range, all of them, or a word on what is wrong', () => {
    expect(readRange('10', '1,000', 3_000)).toEqual({ from: 10, to: 1_000 })
    expect([readRange('', '20', 28), readRange('5', '', 28)]).toEqual([
      { from: 0, to: 20 },
      { from: 5, to: 28 },
    ])
    expect([readRange('', '', 28), readRange('0', '99', 28)]).toEqual([null, null])
    expect(readRange('30', '10', 28)).toBe('There are no steps from 30 to 10: the first must be the smaller one.')
    expect(readRange('40', '', 28)).toBe('The last step is 28.')
    expect(readRange('5', '3000', 28)).toEqual({ from: 5, to: 28 })
    expect(readRange('ten', '20', 28)).toBe('“ten” is no step: write a whole number.')
    expect(readRange('1', '-2', 28)).toMatch(/^“-2” is no step/)
  })
})

describe('the value axis', () => {
  const values = Array.from({ length: 200 }, (_, i) => (i === 100 ? 1_000 : 1 + (i % 10) / 10))
  const series = seriesOf(values)
  const line = { places: placesOf(series, 'step', facts), smoothed: series.columns.last, min: [], max: [] }
  const all = { from: 0, to: 200, logarithmic: false, withoutOutliers: false }

  it('spans all visible values', () => {
    expect(boundsOfValues([line], all)).toEqual({ min: 1, max: 1_000 })
    expect(boundsOfValues([line], { ...all, to: 90 })).toEqual({ min: 1, max: 1.9 })
    expect(boundsOfValues([], all)).toBeNull()
  })

  it('follows a band only as far as the lines can still be told apart', () => {
    const wide = { min: values.map(() => -50), max: values.map(() => 1.5), band: true }
    const flat = { ...line, smoothed: values.map((_, i) => (i % 10) / 10) }
    expect(boundsOfValues([{ ...flat, ...wide }], all)).toEqual({ min: -0.9, max: 1.5 })
  })

  it('leaves outliers out of the range alone', () => {
    expect(boundsOfValues([line], { ...all, withoutOutliers: true })).toEqual({ min: 1, max: 1.9 })
    expect(series.columns.last[100]).toBe(1_000)
  })

  it('moves in when outliers are left out, and stays where it serves otherwise', () => {
    const wide = steppedRange(null, { min: 0, max: 100 })
    expect(steppedRange(wide, { min: 0, max: 50 })).toBe(wide)
    expect(steppedRange(wide, { min: 0, max: 50 }, unlimited, true).max).toBeLessThan(100)
    expect(tickStep({ min: 0.1, max: 0.9 })).toBe(0.2)
  })
})

describe('smoothing', () => {
  const ema = (amount: number) => ({ kind: 'ema', amount }) as const

  it('takes the values that came smoothed', () => {
    const series = seriesOf([1, 2])
    const smoothed = [1, 1.5]
    expect(smoothedValues({ ...series, columns: { ...series.columns, smoothed } }, ema(0.9))).toBe(smoothed)
  })

  it('is the same however many points stand for the history', () => {
    const values = Array.from({ length: 4_096 }, (_, i) => 2 * Math.exp(-i / 500))
    const coarse = seriesOf(
      values.filter((_, i) => i % 8 === 7),
      8,
    )
    const last = (series: DrawnSeries): number => smoothedValues(series, ema(0.99))[series.length - 1]!
    expect(Math.abs(last(coarse) - last(seriesOf(values))) / last(seriesOf(values))).toBeLessThan(0.05)
  })

  it('leaves alone what is not smoothed', () => {
    const series = seriesOf([1, 2])
    expect(smoothedValues(series, noSmoothing)).toBe(series.columns.last)
  })
})

describe('zooming', () => {
  const series = seriesOf([1, 2, 3], 10)
  const { step } = series.columns

  it('finds the step of a place between points and beyond them, and back', () => {
    const places = placesOf(series, 'epoch', facts)
    expect(stepAt(0.15, places, step)).toBeCloseTo(15)
    expect([stepAt(0, places, step), stepAt(0.4, places, step)].map(Math.round)).toEqual([0, 40])
    expect([0, 15, 45].map((at) => placeOfStep(at, places, step).toFixed(2))).toEqual(['0.00', '0.15', '0.45'])
  })

  it('keeps the place under the pointer where it is', () => {
    expect(zoomedAround({ min: 0, max: 100 }, 25, 0.5)).toEqual({ min: 12.5, max: 62.5 })
    const decades = zoomedAround({ min: 1, max: 10_000 }, 100, 0.5, true)
    expect([decades.min, decades.max].map(Math.round)).toEqual([10, 1_000])
  })

  it('moves by a share of what is shown', () => {
    expect(panned({ min: 10, max: 20 }, 0.5)).toEqual({ min: 15, max: 25 })
  })

  it('finds the nearest of two places', () => {
    expect([nearestIndex([1, 5, 9], 6), nearestIndex([1, 5, 9], 8), nearestIndex([], 1)]).toEqual([1, 2, -1])
  })
})

describe('the table of values', () => {
  it('has a row per step of any line and keeps the last one when thinned', () => {
    const rows = valueRows([seriesOf([1, 2, 3, 4]).columns, seriesOf([9], 4).columns], 2)
    expect(rows).toEqual([
      { step: 2, epoch: 0.2, values: [2, null] },
      { step: 4, epoch: 0.4, values: [4, 9] },
    ])
  })
})
