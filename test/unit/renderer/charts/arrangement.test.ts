import { describe, expect, it } from 'vitest'
import { mnistInfo } from '../../../../src-core/domain/dataset.ts'
import type { Run } from '../../../../src-core/domain/run.ts'
import { defaultChartSettings, type ChartSettings } from '../../../../src-renderer/lib/charts/chart-settings.ts'
import type { DrawnSeries } from '../../../../src-renderer/lib/charts/columns.ts'
import { parseExpression, type Expression } from '../../../../src-renderer/lib/charts/derive/expression.ts'
import { svgChart } from '../../../../src-renderer/lib/charts/export/svg-chart.ts'
import { pixelScale } from '../../../../src-renderer/lib/charts/drawing/pixel-paths.ts'
import { groupRuns } from '../../../../src-renderer/lib/charts/groups/grouping.ts'
import { looksOf } from '../../../../src-renderer/lib/charts/groups/looks.ts'
import { countText, meanGroups, whyApart } from '../../../../src-renderer/lib/charts/groups/means.ts'
import { baseChoices, baseOf, pairsWith, whyLeftOut } from '../../../../src-renderer/lib/charts/groups/pairs.ts'
import { cardsOf, metricsOf, movedOrder, sectionsOf } from '../../../../src-renderer/lib/charts/metric-cards.ts'
import { placedSeries, placesOf } from '../../../../src-renderer/lib/charts/places.ts'
import { eventMarks, runMarks } from '../../../../src-renderer/lib/charts/run-marks.ts'
import { noSmoothing } from '../../../../src-core/domain/statistics/series-smoothing.ts'
import type { ChartLine } from '../../../../src-renderer/components/charts/chart-model.ts'
import { curvePanels, type CurvePanel } from '../../../../src-renderer/components/compare/curves/curve-lines.ts'
import { sampleSpec } from '../../../support/renderer/sample-runs.ts'
import { sampleRun } from '../../../support/sample-run.ts'

function run(id: string, set: readonly string[] = [], changes: Partial<Run> = {}): Run {
  return sampleRun({ id: id.padEnd(11, 'x'), name: id, spec: sampleSpec(set), color: 0, ...changes })
}

const seeds = [1, 2, 3].flatMap((seed) => [
  run(`bn${seed}`, [`training.seed=${seed}`]),
  run(`lrn${seed}`, [`training.seed=${seed}`, 'model.normalization.kind=lrn']),
])

describe('groups of runs', () => {
  it('by everything but the seed put the seeds together, and say what sets them apart', () => {
    const groups = groupRuns(seeds, 'everything-but-seed')
    expect(groups.map(({ runs }) => runs.map(({ name }) => name))).toEqual([
      ['bn1', 'bn2', 'bn3'],
      ['lrn1', 'lrn2', 'lrn3'],
    ])
    expect(groups.map(({ label }) => label)).toEqual(['Normalisation bn', 'Normalisation lrn'])
  })

  it('by a field, by run and by nothing', () => {
    expect(groupRuns(seeds, 'training.seed').map(({ runs }) => runs.length)).toEqual([2, 2, 2])
    expect(groupRuns(seeds, 'model.normalization.kind').map(({ label }) => label)[1]).toMatch(/lrn/)
    expect([groupRuns(seeds, 'run').length, groupRuns(seeds, 'none').length]).toEqual([6, 1])
  })
})

describe('looks', () => {
  const look = (looks: ReturnType<typeof looksOf>) =>
    [...looks.of.values()].map(({ color, dash }) => `${color} ${dash}`)

  it('keep runs apart that have the same colour of their own', () => {
    expect(new Set(look(looksOf(seeds, 'run', 'none'))).size).toBe(6)
  })

  it('are dashed only beside a run of the same colour', () => {
    const withColors = (...colors: number[]) => colors.map((color) => run(`r${color}`, [], { color }))
    const colorsOf = (...colors: number[]) =>
      [...looksOf(withColors(...colors), 'run', 'none').of.values()].map(({ color }) => color)
    expect(colorsOf(8, 9, 3)).toEqual([0, 1, 3])
    expect(colorsOf(16, 8, 3)).toEqual([16, 0, 3])
    expect(colorsOf(2, 3, 4, 5, 6, 7, 8, 9, 10)).toEqual([2, 3, 4, 5, 6, 7, 0, 1, 10])
  })

  it('are a colour by one rule and a dash by another', () => {
    const looks = looksOf(seeds, 'model.normalization.kind', 'training.seed')
    expect(new Set(look(looks)).size).toBe(6)
    expect([looks.colors.length, looks.dashes.length, looks.repeats]).toEqual([2, 3, null])
  })

  it('fall back to a colour per run where the rule would make all runs alike, and say so', () => {
    const two = [seeds[0]!, seeds[1]!]
    const looks = looksOf(two, 'model.dropout.rate', 'none')
    expect(new Set(look(looks)).size).toBe(2)
    expect(looks.alike).toMatch(/^These runs all have Dropout rate [\d.]+: each has a colour of its own\.$/)
    expect([looks.colorBy, looksOf(two, 'model.normalization.kind', 'none').alike]).toEqual(['run', null])
    // A dash pattern tells them apart, and “the same” is what was asked for.
    expect(looksOf(two, 'model.dropout.rate', 'model.normalization.kind').alike).toBeNull()
    expect(looksOf(two, 'none', 'none').alike).toBeNull()
    // Seeds of one variant are one mean with bands, and else cannot be told apart.
    const one = [seeds[0]!, seeds[2]!]
    expect(looksOf(one, 'everything-but-seed', 'none', true).colors).toHaveLength(1)
    expect(looksOf(one, 'everything-but-seed', 'none').alike).toMatch(/differ in their seed alone/)
  })

  it('say so when they repeat', () => {
    const many = Array.from({ length: 65 }, (_, index) => run(`r${index}`, [`training.seed=${index}`]))
    expect(looksOf(many.slice(0, 64), 'run', 'none').repeats).toBeNull()
    expect(looksOf(many, 'run', 'none').repeats).toMatch(/65 groups share 64 colours/)
    expect(looksOf(many.slice(0, 9), 'run', 'training.batchSize').repeats).toMatch(/9 groups share 8 colours/)
  })
})

describe('runs that are averaged', () => {
  it('differ in their seed alone, even where others look the same', () => {
    const looks = looksOf(seeds, 'model.dropout.rate', 'none', true)
    expect(looks.alike).not.toBeNull()
    const alike = looksOf(seeds, 'none', 'none', true)
    const groups = meanGroups(seeds, alike)
    expect(groups.map(({ runs }) => runs.map(({ name }) => name))).toEqual([
      ['bn1', 'bn2', 'bn3'],
      ['lrn1', 'lrn2', 'lrn3'],
    ])
    expect(groups.map(({ label }) => label.toLowerCase())).toEqual([
      expect.stringMatching(/normali[sz]ation.* bn/),
      expect.stringMatching(/normali[sz]ation.* lrn/),
    ])
    expect(whyApart(seeds, alike)).toMatch(/^Runs of one look also differ in Normali[sz]ation: only those/)
    expect(whyApart(seeds, looksOf(seeds, 'everything-but-seed', 'none', true))).toBeNull()
  })

  it('are counted by line', () => {
    const looks = looksOf(seeds, 'none', 'none', true)
    expect(countText(seeds, looks, true)).toBe('n 3')
    expect(countText(seeds.slice(0, 5), looks, true)).toBe('n 2 to 3')
    expect([countText(seeds, looks, false), countText([], looks, true)]).toEqual(['n 6', 'not drawn'])
  })
})

describe('pairs of a difference', () => {
  it('leave out runs without a twin, told in one line', () => {
    const odd = [
      run('odd', ['training.seed=9', 'model.normalization.kind=lrn']),
      run('big', ['training.seed=2', 'training.batchSize=77']),
    ]
    const pairing = pairsWith([...seeds, ...odd], seeds[0]!)
    expect(pairing.pairs.map(({ run, base }) => `${run.name}-${base.name}`)).toEqual([
      'lrn1-bn1',
      'lrn2-bn2',
      'lrn3-bn3',
    ])
    expect(whyLeftOut(pairing)).toBe('2 runs are left out, without a twin there: other seed, batch size.')
    // Its seed is there: what keeps it out is the batch size alone.
    expect(whyLeftOut({ ...pairing, left: pairing.left.slice(1) })).toBe(
      '“big” is left out, without a twin there: other batch size.',
    )
    expect(whyLeftOut(pairsWith(seeds, seeds[0]!))).toBeNull()
  })

  it('compare a repeated run with the base', () => {
    const again = run('again', ['training.seed=1'])
    expect(pairsWith([seeds[0]!, again], seeds[0]!).pairs.map(({ run }) => run.name)).toEqual(['again'])
    expect(pairsWith([again, seeds[0]!], seeds[0]!).pairs.map(({ run }) => run.name)).toEqual(['again'])
  })

  it('offer each variant once as what is subtracted', () => {
    const choices = baseChoices(seeds, seeds[2]!)
    expect(choices.map(({ run }) => run.name)).toEqual(['bn2', 'lrn1'])
    expect(choices[1]!.label).toMatch(/lrn \(n 3\)$/)
    expect(baseChoices([seeds[0]!, seeds[1]!], seeds[0]!).map(({ label }) => label)).toEqual(['bn1', 'lrn1'])
  })
})

describe('cards', () => {
  const metrics = metricsOf([
    run('a', [], { last: { 'system/memory-mib': 1, 'validation/loss': 1, 'train/loss': 1, 'other/thing': 1 } }),
    run('b', [], { last: { 'validation/accuracy': 1, 'train/loss': 1 } }),
  ])
  const cards = cardsOf(metrics, [{ name: 'Error', expression: '1 - validation/accuracy' }])

  it('are there for every metric of any run, in sections by prefix', () => {
    const sections = sectionsOf(cards, { pinned: [], order: [] })
    expect(sections.map(({ title, cards }) => [title, ...cards.map(({ title }) => title)])).toEqual([
      ['Formulas', 'Error'],
      ['Validation', 'Validation loss', 'Validation accuracy'],
      ['Training', 'Train loss'],
      ['System', 'Memory'],
      ['Other', 'Other thing'],
    ])
  })

  it('come first when pinned, and at their place when moved', () => {
    const sections = sectionsOf(cards, { pinned: ['train/loss'], order: ['validation/accuracy', 'validation/loss'] })
    expect([sections[0]!.title, sections[0]!.cards[0]!.id, sections[2]!.cards[0]!.id]).toEqual([
      'Pinned',
      'train/loss',
      'validation/accuracy',
    ])
    expect(movedOrder(['a', 'b', 'c'], ['x'], 'a', 1)).toEqual(['x', 'b', 'a', 'c'])
    expect(movedOrder(['a', 'b', 'c'], ['c', 'a', 'b'], 'c', 9)).toEqual(['a', 'b', 'c'])
  })
})

function constant(value: number): DrawnSeries {
  const column = [value, value]
  return {
    columns: {
      step: [1, 2],
      epoch: [0, 0],
      wallTime: [1, 2],
      activeTime: [1, 2],
      last: column,
      min: column,
      max: column,
    },
    length: 2,
    total: 2,
    bucket: 1,
    firstNonFinite: null,
  }
}

/** A curve of an imported file for the card. */
const references: ChartLine[] = ['train/loss', 'test/loss'].map((metric) => ({
  ...{ runId: `reference 1 ${metric}`, metric, label: 'paper', color: 'neutral', sparse: false, origin: null },
  ...{ batchSize: 0, macsPerImage: 0, source: { reads: [], series: () => constant(2) } },
}))

describe('the curves of a card', () => {
  const subject = { metric: 'train/loss', formula: null }
  const panels = (settings: Partial<ChartSettings>, base: Run | null = null) => {
    const all = { ...defaultChartSettings, ...settings }
    const looks = looksOf(seeds, all.color, all.dash)
    const pairing = base && pairsWith(seeds, base)
    return curvePanels(subject, { runs: seeds, looks, settings: all, smoothing: noSmoothing, pairing, references })
  }
  const find = (id: string): DrawnSeries => constant(id.startsWith('bn') ? 1 : 3)

  it('are one line per run, or one per group with a band', () => {
    const runLines = ({ lines }: CurvePanel) => lines.filter(({ color }) => color !== 'neutral')
    expect(runLines(panels({})[0]!)).toHaveLength(6)
    const lines = runLines(panels({ band: 'range', color: 'everything-but-seed' })[0]!)
    expect(lines.map(({ label }) => label.slice(-5))).toEqual(['(n 3)', '(n 3)'])
    const mean = lines[1]!.source!.series(find)!
    expect([mean.columns.last[0], mean.columns.runs![0]]).toEqual([3, 3])
  })

  it('work a group out once until one of its series changes', () => {
    const { lines } = panels({ band: 'range', color: 'none' })[0]!
    const held = new Map(seeds.map(({ id }) => [id, find(id)]))
    const read = (id: string): DrawnSeries => held.get(id)!
    const { source } = lines[0]!
    const before = source!.series(read)
    expect(source!.series(read)).toBe(before)
    held.set(seeds[0]!.id, constant(9))
    expect(source!.series(read)).not.toBe(before)
  })

  it('end where their values must', () => {
    const limits = (settings: Partial<ChartSettings>, metric: string, formula: Expression | null = null) => {
      const all = { ...defaultChartSettings, ...settings }
      const looks = looksOf(seeds, all.color, all.dash)
      const pairing = pairsWith(seeds, seeds[0]!)
      const context = { runs: seeds, looks, settings: all, smoothing: noSmoothing, pairing, references: [] }
      const { min, max } = curvePanels({ metric, formula }, context)[0]!.lines[0]!.limits!
      return [min, max]
    }
    expect(limits({}, 'train/loss')).toEqual([0, Infinity])
    expect(limits({ band: 'interval' }, 'test/accuracy')).toEqual([0, 1])
    expect(limits({ mode: 'difference' }, 'test/accuracy')).toEqual([-1, 1])
    expect(limits({ mode: 'difference' }, 'train/loss')).toEqual([-Infinity, Infinity])
    expect(limits({ mode: 'race' }, 'test/accuracy')).toEqual([0, 1])
    expect(limits({}, 'other/thing')).toEqual([-Infinity, Infinity])
    expect(limits({}, 'accuracy', parseExpression('0 - train/loss', ['train/loss']))).toEqual([-Infinity, Infinity])
  })

  it('are panels by any field', () => {
    expect(panels({ panel: 'training.seed' }).map(({ lines }) => lines.length)).toEqual([3, 3, 3])
    expect(panels({ mode: 'multiples' })).toHaveLength(6)
  })

  it('have the references of their metric behind them in each panel, but not in differences and races', () => {
    const drawn = (settings: Partial<ChartSettings>): string[] =>
      panels(settings).map(({ lines }) =>
        lines
          .filter(({ color }) => color === 'neutral')
          .map(({ metric }) => metric)
          .join(),
      )
    expect(drawn({})).toEqual(['train/loss'])
    expect(drawn({ panel: 'training.seed' })).toEqual(['train/loss', 'train/loss', 'train/loss'])
    expect([drawn({ mode: 'difference' }), drawn({ mode: 'race' })]).toEqual([[''], ['']])
  })

  it('subtract from every run the one of the base’s variant that has its seed', () => {
    const base = baseOf(seeds, null)!
    const { lines } = panels({ mode: 'difference' }, base)[0]!
    expect([base.name, ...lines.map(({ label }) => label)]).toEqual(['bn1', 'lrn1', 'lrn2', 'lrn3'])
    const values = (id: string): DrawnSeries => constant(id.startsWith('bn') ? Number(id[2]) : 10 * Number(id[3]))
    expect(lines.map(({ source }) => source!.series(values)!.columns.last[0])).toEqual([9, 18, 27])
  })

  it('are the mean of the pairs with its band where bands are drawn', () => {
    const { lines } = panels({ mode: 'difference', color: 'everything-but-seed', band: 'range' }, seeds[0]!)[0]!
    const values = (id: string): DrawnSeries => constant(id.startsWith('bn') ? Number(id[2]) : 10 * Number(id[3]))
    const { columns } = lines[0]!.source!.series(values)!
    expect([lines.length, columns.last[0], columns.min[0], columns.max[0], columns.runs![0]]).toEqual([1, 18, 9, 27, 3])
    expect(lines[0]!.source!.reads).toHaveLength(6)
  })

  it('race to the lowest loss', () => {
    const { lines } = panels({ mode: 'race' })[0]!
    expect(lines.map(({ source }) => source!.series(find)!.columns.last[1])).toEqual([0, 2, 0, 2, 0, 2])
  })
})

describe('runs of different batch sizes on an axis of images', () => {
  const small = run('small', ['training.batchSize=32'])
  const large = run('large', ['training.batchSize=64'])
  /** Logs its step at steps 1 to 8. */
  const find = (): DrawnSeries => {
    const step = [1, 2, 3, 4, 5, 6, 7, 8]
    const columns = { step, epoch: step, wallTime: step, activeTime: step, last: step, min: step, max: step }
    return { ...constant(0), columns, length: 8, total: 8 }
  }
  const lines = (settings: Partial<ChartSettings>) => {
    const all = { ...defaultChartSettings, axis: 'images', ...settings } as const
    const runs = [small, large]
    const looks = looksOf(runs, all.color, all.dash)
    const subject = { metric: 'validation/accuracy', formula: null }
    return curvePanels(subject, {
      runs,
      looks,
      settings: all,
      smoothing: noSmoothing,
      pairing: null,
      references: [],
    })[0]!.lines
  }

  it('are not averaged, and each has its own images: 8 steps of 32 are 4 of 64', () => {
    const found = lines({ color: 'none', band: 'range' })
    const ends = found.map((line) => {
      const { values, scale } = placesOf(line.source!.series(find)!, 'images', line)
      return values[values.length - 1]! * scale
    })
    expect(ends).toEqual([8 * 32, 8 * 64])
  })

  it('race to what the others had after the same images', () => {
    const gaps = lines({ mode: 'race' }).map(({ source }) => Array.from(source!.series(find)!.columns.last))
    // After 64, 128, 192, 256 images the one with the small batches is 1, 2, 3, 4 ahead, then it has ended at 8.
    expect(gaps).toEqual([
      [0, 0, 0, 0, 0, 0, 0, 0],
      [1, 2, 3, 4, 3, 2, 1, 0],
    ])
  })

  it('of which one has no costs leave it out on the axis of costs', () => {
    const facts = { origin: null, batchSize: 32, macsPerImage: 0 }
    expect(placedSeries(find(), 'macs', facts)).toBeNull()
    expect(Array.from(placedSeries(find(), 'images', facts)!.places)).toEqual([32, 64, 96, 128, 160, 192, 224, 256])
  })
})

describe('the marks of a run', () => {
  it('are pauses and returns, drops of the learning rate, and phases', () => {
    const events = [
      { at: 1, step: 0, kind: 'state', message: 'Created.' },
      { at: 2, step: 40, kind: 'state', message: 'Paused at step 40.' },
      { at: 3, step: 40, kind: 'state', message: 'Prepares to go on from the checkpoint at step 40.' },
      { at: 4, step: 60, kind: 'state', message: 'Interrupted: the application ended while the run was running.' },
    ] as const
    expect(eventMarks(events).map(({ label }) => label)).toEqual(['paused', 'resumed', 'interrupted'])
    const stepped = run('s', [
      'data.trainImages=1000',
      'data.validationFraction=0',
      'training.batchSize=100',
      'training.epochs=6',
      'training.learningRate=0.1',
      'training.schedule.kind=step',
      'training.schedule.everyEpochs=2',
    ])
    expect(runMarks(stepped, mnistInfo, { events, rates: null })).toEqual([
      { step: 20, label: 'lr 0.01' },
      { step: 40, label: 'lr 0.001, paused, resumed' },
      { step: 60, label: 'interrupted' },
    ])
  })

  it('show where a plateau lowered the rate by what was logged', () => {
    const plateau = run('p', ['training.schedule.kind=plateau'])
    const rates = { ...constant(0), columns: { ...constant(0).columns, last: [0.1, 0.01] } }
    expect(runMarks(plateau, mnistInfo, { events: [], rates })).toEqual([{ step: 2, label: 'lr 0.01' }])
  })
})

describe('a chart as SVG', () => {
  it('has axes, lines and a legend, and no markup from names', () => {
    const series = constant(0.5)
    const line = {
      label: '<b>&"x"',
      stands: null,
      aside: 0,
      color: '#0072b2',
      dash: [6, 3],
      sparse: true,
      places: { values: series.columns.step, scale: 1, shift: 0 },
      smoothed: series.columns.last,
      span: series.columns,
      band: true,
    }
    const chart = {
      title: 'Loss',
      xTitle: 'Step',
      yTitle: 'Validation loss',
      width: 200,
      height: 100,
      area: { left: 40, right: 160, top: 10, bottom: 80 },
      scales: {
        x: pixelScale({ min: 0, max: 2 }, { from: 40, to: 160 }, false),
        y: pixelScale({ min: 0, max: 1 }, { from: 80, to: 10 }, false),
        from: 0,
        to: 2,
      },
      xTicks: [{ value: 1, text: '1' }],
      yTicks: [{ value: 0.5, text: '0.5' }],
      marks: [{ value: 1, text: 'paused' }],
      lines: [line, { ...line, band: false, label: 'second' }],
      colors: { ink: '#000', quiet: '#555', grid: '#eee', surface: '#fff' },
    }
    const text = svgChart(chart)
    expect(text).toMatch(/rotate\(-90\)[^>]*>Validation loss</)
    expect(text).toContain('M100 45L160 45')
    expect(text).toContain('&#60;b&#62;&#38;&#34;x&#34;')
    expect(text).not.toContain('<b>')
    expect(text).toContain('paused')
    // Markers at the ends of the axes stay whole.
    expect(text).toContain('<rect x="36" y="6" width="128" height="78"/>')
    expect(text.match(/<circle/g)).toHaveLength(4)
    expect(text.trim()).toMatch(/^<svg.*<\/svg>$/s)

    // Coloured by a field: the legend says what the colours stand for, not which runs there are.
    const colored = [1, 2, 3].map((seed) => ({ ...line, label: `run ${seed}`, stands: 'Dropout rate 0.5' }))
    const grouped = svgChart({ ...chart, lines: [...colored, { ...line, color: '#d55e00', stands: 'Dropout rate 0' }] })
    expect(grouped).toContain('>Dropout rate 0.5 (3 runs)<')
    expect(grouped).toContain('>Dropout rate 0<')
    expect(grouped).not.toContain('run 1')
  })
})
