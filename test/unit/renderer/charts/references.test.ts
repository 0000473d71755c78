import { describe, expect, it } from 'vitest'
import { metricNames } from '../../../../src-core/domain/metrics.ts'
import { findReferences, referenceLabel } from '../../../../src-core/domain/references/drawn-references.ts'
import type { ReferenceCurves } from '../../../../src-core/domain/references/reference-curves.ts'
import { fullestLine, hoveredValue, marksOnAxis } from '../../../../src-renderer/components/charts/chart-lines.ts'
import type { ChartLine } from '../../../../src-renderer/components/charts/chart-model.ts'
import {
  referenceLines,
  referencesOfChart,
  whyNotDrawn,
  type ReferencePlace,
} from '../../../../src-renderer/components/charts/references/reference-lines.ts'
import { curvesOf } from '../../../../src-renderer/components/charts/run-lines.ts'
import { csvOfLines } from '../../../../src-renderer/lib/charts/export/csv-chart.ts'
import {
  firstChoices,
  referenceCurves,
  standardMetrics,
} from '../../../../src-renderer/lib/charts/references/curve-choices.ts'
import { matchMetric } from '../../../../src-renderer/lib/charts/references/match-metric.ts'
import { valueRows } from '../../../../src-renderer/lib/charts/value-rows.ts'
import { sampleReference } from '../../../support/sample-reference.ts'
import { sampleRun } from '../../../support/sample-run.ts'

/** Accuracy in percent and a loss, by epochs alone. */
const byEpoch: ReferenceCurves = {
  ...{ id: 2, name: 'epochs', createdAt: 0, step: null, epoch: Float64Array.of(1, 2, 3) },
  curves: [
    { label: 'val_acc (%)', values: Float64Array.of(40, NaN, 57.25) },
    { label: 'loss', values: Float64Array.of(3, 2, 1) },
  ],
}
const files = [sampleReference(), byEpoch]
const chosen = () => files.flatMap((file) => firstChoices(file, []))
const lines = (axis: 'step' | 'epoch' | 'images', range: { from: number; to: number } | null = null): ChartLine[] =>
  referenceLines(referenceCurves(files, chosen()), axis, () => range)
const seriesOf = (line: ChartLine) => line.source!.series(() => null)!

describe('the name of a curve', () => {
  it.each([
    ['train/loss', metricNames.trainLoss],
    ['Train loss', metricNames.trainLoss],
    ['training_loss', metricNames.trainLoss],
    ['val_acc (%)', metricNames.validationAccuracy],
    ['Validation Top-5 error [%]', metricNames.validationTop5Error],
    ['val top5 err', metricNames.validationTop5Error],
    ['lr', metricNames.learningRate],
    ['gradient norm', metricNames.gradientNorm],
    ['Images per second', metricNames.imagesPerSecond],
    ['loss', null],
    ['baseline', null],
    ['%', null],
  ])('%j means %j', (name, metric) => {
    expect(matchMetric(name, standardMetrics)).toBe(metric)
  })

  it('means the metric of a run that only it has', () => {
    expect(matchMetric('error of conv2', ['pretraining/conv2/error'])).toBeNull()
    expect(matchMetric('conv2 error', ['pretraining/conv2/error'])).toBe('pretraining/conv2/error')
  })
})

describe('the curves of imported files', () => {
  it('are on as far as their metric is clear, and off without a choice', () => {
    const on = referenceCurves(files, chosen()).map(({ curve, metric, shown }) => [curve, metric, shown])
    expect(on).toEqual([
      ['train/loss', 'train/loss', true],
      ['val_acc (%)', 'validation/accuracy', true],
      ['loss', null, false],
    ])
    expect(referenceCurves(files, []).map(({ metric, shown }) => [metric, shown])).toEqual([
      ['train/loss', false],
      ['validation/accuracy', false],
      [null, false],
    ])
  })

  it('that meet in a chart have dash patterns of their own, none of them solid', () => {
    const loss = { referenceId: 2, curve: 'loss', metric: 'validation/loss', shown: true }
    const curves = referenceCurves(files, [...chosen().slice(0, 2), loss])
    expect(curves.map(({ dash }) => dash)).toEqual([1, 1, 2])
  })

  it('are read as percent when a share has values above 1', () => {
    expect(referenceCurves(files, chosen()).map(({ percent }) => percent)).toEqual([false, true, false])
    const [found] = findReferences(files, [{ referenceId: 2, curve: 'val_acc (%)', metric: 'validation/accuracy' }])
    expect([...found!.values]).toEqual([0.4, NaN, 0.5725])
    const [loss] = findReferences(files, [{ referenceId: 2, curve: 'loss', metric: 'train/loss' }])
    expect([...loss!.values]).toEqual([3, 2, 1])
  })

  it('that are no longer there are left out', () => {
    expect(findReferences(files, [{ referenceId: 9, curve: 'loss', metric: 'train/loss' }])).toEqual([])
    expect(findReferences(files, [{ referenceId: 2, curve: 'gone', metric: 'train/loss' }])).toEqual([])
  })

  it('are called as their file, and by their column where it has two of the metric', () => {
    const one = { referenceId: 2, curve: 'loss', metric: 'train/loss' }
    const [found] = findReferences(files, [one])
    expect(referenceLabel(found!, [one])).toBe('epochs')
    expect(referenceLabel(found!, [one, { ...one, curve: 'other' }])).toBe('epochs: loss')
  })
})

describe('the line of a reference', () => {
  it('is neutral, never smoothed, and only on an axis that its file knows', () => {
    expect(lines('step')).toMatchObject([
      { color: 'neutral', dash: 1, exact: true, label: 'paper', metric: 'train/loss', sparse: false },
    ])
    expect(lines('epoch')).toMatchObject([{ label: 'epochs', metric: 'validation/accuracy', sparse: true }])
    expect(lines('images')).toEqual([])
  })

  it('has all values, or those of the steps that are shown', () => {
    const all = seriesOf(lines('step')[0]!)
    expect([all.total, ...Array.from(all.columns.step)]).toEqual([3, 0, 500, 1000])
    expect(all.columns.epoch[0]).toBeNaN()
    const part = seriesOf(lines('step', { from: 400, to: 999 })[0]!)
    expect([part.total, part.columns.last[0]]).toEqual([1, 1.1])
    expect(seriesOf(lines('epoch', { from: 400, to: 999 })[0]!).total).toBe(3)
  })

  it('follows the steps that are shown, and is the same series while they stay', () => {
    let range: { from: number; to: number } | null = null
    const [line] = referenceLines(referenceCurves(files, chosen()), 'step', () => range)
    const all = seriesOf(line!)
    expect(seriesOf(line!)).toBe(all)
    range = { from: 1, to: 2000 }
    expect(seriesOf(line!).total).toBe(2)
    range = null
    expect(seriesOf(line!)).toEqual(all)
  })

  it('has a value under the rule only where it has points', () => {
    const [line] = lines('step')
    const found = { line: line!, series: seriesOf(line!) }
    const options = { axis: 'step', smoothing: { kind: 'none', amount: 0 }, raw: true, theme: 'light', emphasis: null }
    expect(hoveredValue(found, options as Parameters<typeof hoveredValue>[1], 480)).toMatchObject({ value: 1.1 })
    expect(hoveredValue(found, options as Parameters<typeof hoveredValue>[1], 1200)).toBeNull()
  })

  it('leaves zoom and marks to the runs, whose steps are known', () => {
    const reference = { line: lines('epoch')[0]!, series: seriesOf(lines('epoch')[0]!) }
    const own = curvesOf(sampleRun())[1]!.lines[0]!
    const column = [1, 2]
    const columns = { step: column, epoch: column, wallTime: column, activeTime: column }
    const series = {
      ...seriesOf(lines('step')[0]!),
      length: 2,
      columns: { ...columns, ...{ last: column, min: column, max: column } },
    }
    const run = { line: own, series }
    expect(fullestLine([reference, run])).toBe(run)
    expect(fullestLine([reference])).toBe(reference)
    expect(fullestLine([])).toBeNull()
    expect(marksOnAxis([{ step: 2, label: 'drop' }], [reference, run], 'epoch')).toEqual([{ x: 2, label: 'drop' }])
    expect(marksOnAxis([{ step: 2, label: 'drop' }], [reference], 'epoch')).toEqual([])
  })

  it('names in the chart of a run the line that it is compared with', () => {
    const [loss, accuracy] = curvesOf(sampleRun())
    const references = [...lines('step'), ...lines('epoch')]
    expect(referencesOfChart(loss!.lines, references).map(({ label }) => label)).toEqual(['paper, train'])
    expect(referencesOfChart(accuracy!.lines, references).map(({ label }) => label)).toEqual(['epochs, validation'])
    expect(referencesOfChart(loss!.lines.slice(0, 1), references).map(({ label }) => label)).toEqual(['paper'])
  })
})

describe('a reference that is not drawn', () => {
  const place: ReferencePlace = { axis: 'step', mode: 'overlay', metrics: ['train/loss', 'validation/accuracy'] }
  it.each([
    ['train/loss', files[0]!, {}, null],
    ['train/loss', files[0]!, { mode: 'multiples' }, null],
    ['train/loss', files[0]!, { axis: 'epoch' }, 'steps only, and the x axis is epoch'],
    ['train/loss', files[0]!, { axis: 'images' }, 'steps only, and the x axis is images seen'],
    ['train/loss', byEpoch, {}, 'epochs only, and the x axis is step'],
    ['train/loss', files[0]!, { mode: 'race' }, 'only with overlaid curves and small multiples'],
    ['test/loss', files[0]!, {}, 'no chart of test loss here'],
    [null, files[0]!, {}, 'no metric chosen'],
  ] as const)('of %j says why', (metric, file, change, why) => {
    expect(whyNotDrawn({ metric, file }, { ...place, ...change })).toBe(why)
  })
})

describe('the values of a chart with a reference', () => {
  const own = { step: [10, 20], epoch: [1, 2], last: [5, 4] }
  const columns = (part: { step: number[]; epoch: number[]; last: number[] }) => {
    const unknown = part.last.map(() => NaN)
    return { ...part, wallTime: unknown, activeTime: unknown, min: part.last, max: part.last }
  }

  it('are rows by step, and by epoch where the reference has no steps', () => {
    const steps = columns({ step: [20, 30], epoch: [NaN, NaN], last: [7, 8] })
    expect(valueRows([columns(own), steps], 10)).toEqual([
      { step: 10, epoch: 1, values: [5, null] },
      { step: 20, epoch: 2, values: [4, 7] },
      { step: 30, epoch: NaN, values: [null, 8] },
    ])
    const epochs = columns({ step: [NaN, NaN], epoch: [0.5, 3], last: [7, 8] })
    expect(valueRows([columns(own), epochs], 10).map(({ epoch, values }) => [epoch, ...values])).toEqual([
      [0.5, null, 7],
      [1, 5, null],
      [2, 4, null],
      [3, null, 8],
    ])
  })

  it('are saved without places that nobody knows', () => {
    const text = csvOfLines([{ label: 'paper', columns: columns({ step: [1], epoch: [NaN], last: [NaN] }) }])
    expect(text.split('\r\n')[1]).toBe('paper,1,,,,NaN')
  })
})
