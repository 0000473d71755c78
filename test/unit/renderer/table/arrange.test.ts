import { describe, expect, it } from 'vitest'
import { gatherRuns } from '../../../../src-core/domain/comparison/groups.ts'
import { SummaryTable } from '../../../../src-core/domain/run-list/summary-table.ts'
import type { Run } from '../../../../src-core/domain/run.ts'
import { differs, groupLabel, rowsOf, sortRuns } from '../../../../src-renderer/lib/table/arrange.ts'
import { columnOf, meaningOfHead, type TableColumn } from '../../../../src-renderer/lib/table/columns.ts'
import { columnWindow, placeColumns, rowWindow } from '../../../../src-renderer/lib/table/column-window.ts'
import { deltaBetween } from '../../../../src-renderer/lib/table/delta.ts'
import { tableCsv, tableJson } from '../../../../src-renderer/lib/table/export-table.ts'
import { fuzzyRank } from '../../../../src-renderer/lib/table/fuzzy.ts'
import { bestHeading } from '../../../../src-renderer/lib/run/best.ts'
import { oneOfEachVariant } from '../../../../src-renderer/lib/table/run-sets.ts'
import { runColumnIds } from '../../../../src-renderer/lib/table/run-columns.ts'
import { everythingButSeed, moved, sortedBy } from '../../../../src-renderer/lib/table/settings.ts'
import { tellingPaths } from '../../../../src-renderer/lib/table/telling-paths.ts'
import { sparklinePath } from '../../../../src-renderer/lib/table/sparkline-path.ts'
import { sampleRuns, sampleSpec } from '../../../support/renderer/sample-runs.ts'
import { sampleRun } from '../../../support/sample-run.ts'

const summaries = new SummaryTable()
const samples = sampleRuns(0, Date.UTC(2026, 2, 1)).map(({ run }) => run)
for (const run of samples) {
  for (const [metric, value] of Object.entries(run.last)) summaries.append(run.id, metric, run.step, value)
}
const column = (id: string): TableColumn =>
  columnOf(id, { summaries, best: bestHeading(samples), isNumeric: (path) => !path.endsWith('kind') })!
const named = (part: string): Run => samples.find(({ name }) => name.includes(part))!

const seeds = [1, 2, 3].flatMap((seed) =>
  ['bn', 'lrn'].map((kind) =>
    sampleRun({
      id: `${kind}${seed}`,
      name: `${kind}${seed}`,
      createdAt: seed,
      spec: sampleSpec([`model.normalization.kind=${kind}`, `training.seed=${seed}`]),
    }),
  ),
)

describe('sorting', () => {
  it('puts runs without a value last in both directions', () => {
    for (const descending of [true, false]) {
      const last = sortRuns(samples, [{ column: column('best'), descending }]).slice(-3)
      expect(last.every(({ best }) => best === null)).toBe(true)
    }
  })

  it('counts NaN as no value', () => {
    const key = { column: column('metric:last:train/loss'), descending: true }
    expect(sortRuns([named('lr 0.3'), named('BN, dropout 0,')], [key])[1]!.name).toContain('lr 0.3')
  })

  it('goes by several columns, then newest first', () => {
    const keys = [{ column: column('spec:model.normalization.kind'), descending: true }]
    const names = (more: typeof keys): string[] => sortRuns(seeds, more).map(({ name }) => name)
    expect(names(keys)).toEqual(['lrn3', 'lrn2', 'lrn1', 'bn3', 'bn2', 'bn1'])
    const both = [...keys, { column: column('spec:training.seed'), descending: false }]
    expect(names(both)).toEqual(['lrn1', 'lrn2', 'lrn3', 'bn1', 'bn2', 'bn3'])
  })

  it('leaves runs that were recorded together in their order', () => {
    const grid = ['first', 'second', 'third'].map((name) => sampleRun({ id: name, name, createdAt: 7 }))
    for (const descending of [true, false]) {
      const sorted = sortRuns([seeds[0]!, ...grid], [{ column: column('state'), descending }])
      expect(sorted.map(({ name }) => name)).toEqual(['first', 'second', 'third', 'bn1'])
    }
  })

  it('orders by every column without losing a run', () => {
    for (const id of runColumnIds) {
      expect(sortRuns(samples, [{ column: column(id), descending: true }])).toHaveLength(samples.length)
    }
  })

  it('turns round with a second click, and adds with Shift', () => {
    const first = sortedBy([], 'best', true, false)
    expect(sortedBy(first, 'best', true, false)).toEqual([{ column: 'best', descending: false }])
    const both = sortedBy(first, 'name', false, true)
    expect(sortedBy(both, 'best', true, true)).toEqual([
      { column: 'best', descending: false },
      { column: 'name', descending: false },
    ])
  })
})

describe('groups', () => {
  it('put seeds of one variant together and say what sets it apart', () => {
    const groups = gatherRuns(seeds, everythingButSeed)
    expect(groups.map(({ runs }) => runs.length)).toEqual([3, 3])
    const paths = tellingPaths(groups, everythingButSeed)
    expect(paths).toEqual(['model.normalization.kind'])
    expect(groups.map((group) => groupLabel(group, paths))).toEqual(['Batch norm.', 'LRN'])
  })

  it('are headed by what tells most of them apart, whatever the rows are sorted by', () => {
    const specOf = (changes: readonly string[]) => sampleRun({ id: changes.join(), spec: sampleSpec(changes) })
    const lrn = 'model.normalization.kind=lrn'
    const grid = ['0', '0.25', '0.5'].map((rate) =>
      specOf([lrn, `model.dropout.rate=${rate}`, 'data.trainImages=1000']),
    )
    const others = ['lrn', 'bn'].map((kind) =>
      specOf([`model.normalization.kind=${kind}`, 'model.dropout.rate=0.5', 'data.trainImages=6000']),
    )
    const expected = ['model.dropout.rate', 'model.normalization.kind', 'data.trainImages']
    for (const rows of [
      [...grid, ...others],
      [...others.toReversed(), ...grid.toReversed()],
    ]) {
      const groups = gatherRuns(rows, everythingButSeed)
      const paths = tellingPaths(groups, everythingButSeed)
      expect(paths.filter((path) => expected.includes(path))).toEqual(expected)
      const starts = groups.map((group) => groupLabel(group, paths.slice(0, 3)))
      expect(new Set(starts).size, starts.join('; ')).toBe(5)
    }
  })

  it('leave every recipe among the runs that stand for the others', () => {
    const [first] = seeds as [Run]
    const other = { ...first, spec: { ...first.spec, recipe: 'another' } }
    expect(oneOfEachVariant([first, other, first])).toHaveLength(2)
  })

  it('go by any fields', () => {
    expect(gatherRuns(seeds, ['training.seed']).map(({ runs }) => runs.length)).toEqual([2, 2, 2])
  })

  it('fold away', () => {
    const groups = gatherRuns(seeds, everythingButSeed)
    expect(rowsOf(seeds, groups, new Set())).toHaveLength(8)
    expect(rowsOf(seeds, groups, new Set([groups[0]!.key])).map(({ kind }) => kind)).toEqual([
      'group',
      'group',
      'run',
      'run',
      'run',
    ])
  })
})

describe('columns', () => {
  it('of a metric tell its statistics, the best with its step', () => {
    const table = new SummaryTable()
    ;[0.5, 0.9, 0.7].forEach((value, step) => table.append('a', 'validation/accuracy', step + 1, value))
    const of = (id: string): TableColumn =>
      columnOf(id, { summaries: table, best: bestHeading([]), isNumeric: () => true })!
    const run = sampleRun({ id: 'a' })
    const told = ['last', 'best', 'min'].map((statistic) => {
      const one = of(`metric:${statistic}:validation/accuracy`)
      return [one.title, one.text(run), one.note?.(run)]
    })
    expect(told).toEqual([
      ['Val. acc.', '70.00', undefined],
      ['Best val. acc.', '90.00', 'at 2'],
      ['Smallest val. acc.', '50.00', 'at 1'],
    ])
  })

  it('count by thousands, but for seeds', () => {
    const run = sampleRun({ id: 'a', spec: sampleSpec(['data.trainImages=6000', 'training.seed=2026']) })
    const numbers = ['data.trainImages', 'training.seed', 'training.learningRate'].map((path) => column(`spec:${path}`))
    expect(numbers.map(({ text }) => text(run))).toEqual(['6,000', '2026', String(run.spec.training.learningRate)])
    const label = groupLabel({ key: '', runs: [run] }, ['data.trainImages', 'training.seed'])
    expect(label).toBe('Training images 6,000, Seed 2026')
  })

  it('are found by their heads, with the unit or without', () => {
    const columns = ['name', 'best', 'spec:model.dropout.rate', 'metric:best:validation/accuracy'].map(column)
    expect(meaningOfHead('dropout', columns)).toEqual({ kind: 'field', name: 'model.dropout.rate' })
    const metric = { kind: 'metric', name: 'validation/accuracy', statistic: 'best' }
    expect(meaningOfHead('best val. acc.', columns)).toEqual(metric)
    expect(meaningOfHead('Best val. acc. %', columns)).toEqual(metric)
    expect(meaningOfHead('Best validation', columns)).toEqual({ kind: 'field', name: 'best' })
    expect(meaningOfHead('Name', columns)).toBeNull()
    expect(meaningOfHead('Trend', columns)).toBeNull()
  })

  it('that all runs agree in do not differ', () => {
    expect(
      ['spec:model.normalization.kind', 'spec:training.batchSize'].map((id) => differs(seeds, column(id))),
    ).toEqual([true, false])
  })

  it('that are not known are none', () => {
    expect(['nonsense', 'metric:mean:train/loss', 'spec:a:b'].map(column)).toEqual([null, null, null])
  })

  it('move to another place', () => {
    expect([moved(['a', 'b', 'c'], 'c', 0), moved(['a', 'b', 'c'], 'a', 9)]).toEqual([
      ['c', 'a', 'b'],
      ['b', 'c', 'a'],
    ])
  })

  it('are found by letters in their order', () => {
    expect([fuzzyRank('drprt', 'model.dropout.rate'), fuzzyRank('xyz', 'model.dropout.rate')]).toEqual([
      expect.any(Number),
      null,
    ])
    expect(fuzzyRank('rate', 'learning rate')!).toBeLessThan(fuzzyRank('rate', 'ram and tie')!)
  })

  it('fill the table, and only those in sight are drawn', () => {
    const ids = Array.from({ length: 60 }, (_, index) => `c${index}`)
    const placed = placeColumns(ids, new Set(['c0']), () => 100, 36, 1000)
    const window = columnWindow(placed, 2000, 1000)
    expect(window.shown[0]!.id).toBe('c0')
    expect(window.shown.length).toBeLessThan(20)
    expect(window.before + window.after + window.shown.length).toBe(60)
    expect(placeColumns(['a', 'b'], new Set(), () => 100, 36, 500)[0]!.width).toBe(364)
    const wide = placeColumns(['a', 'b', 'c'], new Set(), () => 100, 36, 956)
    expect(wide.map(({ width }) => width)).toEqual([520, 200, 200])
  })

  it('and rows beyond the end are not asked for', () => {
    expect(rowWindow(10, 1e6, 500, 28)).toEqual({ first: 0, last: 10 })
    expect(rowWindow(10_000, 28_000, 560, 28)).toEqual({ first: 992, last: 1029 })
  })
})

describe('differences to the baseline', () => {
  const fixed = (value: number): string => value.toFixed(2)

  it('know which way is better', () => {
    expect(deltaBetween(0.9, 0.8, fixed, 'higher')).toEqual({ text: '+0.10', kind: 'better' })
    expect(deltaBetween(0.9, 0.8, fixed, 'lower')).toEqual({ text: '+0.10', kind: 'worse' })
    expect(deltaBetween(0.7, 0.8, fixed, 'none')).toEqual({ text: '−0.10', kind: 'unknown' })
    expect(deltaBetween(0.8, 0.8, fixed, 'higher')).toEqual({ text: '±0', kind: 'same' })
  })

  it('are none where a value is missing or not finite', () => {
    expect([deltaBetween(null, 1, fixed, 'higher'), deltaBetween(NaN, 1, fixed, 'higher')]).toEqual([null, null])
  })
})

describe('files of the table', () => {
  it('hold whole values under the names that a query takes', () => {
    const run = sampleRun({ id: 'a', name: 'He said "half", then', tags: ['good'] })
    const columns = ['name', 'state', 'spec:model.dropout.rate', 'tags', 'sparkline', 'created'].map(column)
    expect(tableCsv(columns, [run])).toBe(
      'id,name,state,model.dropout.rate,tags,createdAt\r\n' +
        'a,"He said ""half"", then",running,0.5,good,1970-01-01T00:00:00.001Z\r\n',
    )
    expect(JSON.parse(tableJson(columns, [run]))).toEqual([
      {
        id: 'a',
        name: 'He said "half", then',
        state: 'running',
        'model.dropout.rate': 0.5,
        tags: 'good',
        createdAt: '1970-01-01T00:00:00.001Z',
      },
    ])
  })
})

describe('heads of files of the table', () => {
  it('say of what the best value is, and what each number counts', () => {
    const ids = ['best', 'rate', 'bestEpoch', 'active', 'checkpoint', 'metric:last:train/loss']
    const oneMetric = bestHeading([sampleRun({ id: 'a' })])
    const columns = ids.map((id) => columnOf(id, { summaries, best: oneMetric, isNumeric: () => true })!)
    const head = (of: readonly TableColumn[]) => tableCsv(of, []).trim()
    expect(head(columns)).toBe(
      'id,best(validation/accuracy),learningRate,epochOfBest,activeTimeMs,checkpointStep,last(train/loss)',
    )
    expect(bestHeading(samples).mixed).toBe(true)
    expect(head([column('best')])).toBe('id,best(training.selection)')
  })
})

describe('a trend', () => {
  it('fills its box and leaves gaps where values are not finite', () => {
    expect(sparklinePath([0, 1, NaN, 1], 32, 14)).toBe('M1.0 12.0L11.0 2.0M31.0 2.0')
    expect(sparklinePath([1], 32, 14)).toBe('')
  })
})
