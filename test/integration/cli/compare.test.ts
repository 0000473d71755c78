import { beforeAll, describe, expect, it } from 'vitest'
import { ablate, ablateJson, newFolder } from '../../support/cli.ts'
import { fillComparedWorkspace } from '../../support/compared-workspace.ts'
import { writeGridWorkspace } from '../../support/grid-workspace.ts'

interface Compared {
  runs: { id: string; name: string; seed: number }[]
  differences: { path: string; values: Record<string, unknown> }[]
  results: { metric: string; best: Record<string, { value: number; step: number } | null> }[]
  metric: string
  reading: string
  groups: { label: string; n: number; mean: number | null; leftOut: { run: string; reason: string }[] }[]
  verdicts: { a: string; b: string; outcome: string; sentence: string; paired: boolean; comparisons: number }[]
  ranking: {
    sentence: string
    runs: { run: string; rank: number | null; value: number | null; step: number | null }[]
  } | null
}

const folder = newFolder()
let ids: Record<string, string>
beforeAll(() => {
  ids = fillComparedWorkspace(folder)
})

const compare = (...args: string[]) => ablate('compare', ...args, '--workspace', folder)
const compareJson = (...args: string[]) => ablateJson<Compared>('compare', ...args, '--workspace', folder)
const seedsOf = (variant: string): string[] => [1, 2, 3].map((seed) => `${variant}, seed ${seed}`)

describe('ablate compare', () => {
  it('tells differences, results, groups and verdicts as JSON', async () => {
    const found = await compareJson(...seedsOf('LRN'), ...seedsOf('BN'))
    expect(found.runs.map(({ id }) => id)).toEqual([...seedsOf('LRN'), ...seedsOf('BN')].map((name) => ids[name]))
    const { values } = found.differences.find(({ path }) => path === 'model.normalization.kind')!
    expect([values[ids['LRN, seed 1']!], values[ids['BN, seed 1']!]]).toEqual(['lrn', 'bn'])
    expect([found.metric, found.reading]).toEqual(['validation/accuracy', 'best'])
    const accuracy = found.results.find(({ metric }) => metric === 'validation/accuracy')!
    expect(accuracy.best[ids['LRN, seed 1']!]).toEqual({ value: 0.92, step: 60 })
    expect(found.groups.map(({ label, n }) => [label, n])).toEqual([
      ['LRN', 3],
      ['BN', 3],
    ])
    expect(found.verdicts).toHaveLength(1)
    expect(found.verdicts[0]).toMatchObject({ a: 'LRN', b: 'BN', outcome: 'better', paired: true, comparisons: 1 })
    expect(found.ranking).toBeNull()
  })

  it('says all that in words, with the fields under their parts', async () => {
    const { status, stdout, stderr } = await compare(...seedsOf('LRN'), ...seedsOf('BN'), 'LRN, seed 4')
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^model\s*\n {2}normalization\s*\n {4}kind +"lrn" +"lrn" +"lrn" +"bn"/m)
    expect(stdout).toMatch(/^training\s*\n {2}seed +1 +2 +3 +1/m)
    expect(stdout).toMatch(/validation\/accuracy, best +92\.00 % at 60/)
    expect(stdout).toContain(`Left out: LRN, seed 4 (${ids['LRN, seed 4']}) diverged.`)
    expect(stdout).toMatch(/LRN against BN: LRN is better by 10\.\d\d points \[.*paired t-test: the runs are twins/)
    expect(stdout).not.toMatch(/undefined|null/)
  })

  it('corrects for several comparisons, or compares with a baseline', async () => {
    const all = [...seedsOf('LRN'), ...seedsOf('BN'), ...seedsOf('Plain')]
    const pairs = await compareJson(...all, '--metric', 'validation/accuracy')
    expect(pairs.reading).toBe('best')
    expect(pairs.verdicts.map(({ a, b, outcome }) => [a, b, outcome])).toEqual([
      ['LRN', 'BN', 'better'],
      ['LRN', 'no normalisation', 'better'],
      ['BN', 'no normalisation', 'undecided'],
    ])
    expect(pairs.verdicts[2]!.sentence).toMatch(/Holm-corrected for 3 comparisons.*twins would be needed/)
    const based = await compareJson(...all, '--baseline', 'BN, seed 2')
    expect(based.verdicts.map(({ a, b }) => [a, b])).toEqual([
      ['LRN', 'BN'],
      ['no normalisation', 'BN'],
    ])
  })

  it('refuses to name a winner from one seed', async () => {
    const { verdicts } = await compareJson('LRN, seed 1', 'BN, seed 1')
    expect(verdicts[0]!.outcome).toBe('refused')
    expect(verdicts[0]!.sentence).toContain('One seed each cannot tell.')
  })

  it('cuts all runs at the same budget and says when the winner changes', async () => {
    const early = await compareJson('LRN, seed 1', 'BN, seed 1', '--budget', 'epochs=2')
    expect(early.metric).toBe('validation/accuracy')
    expect(early.ranking!.runs.map(({ run, rank, value, step }) => [run, rank, value, step])).toEqual([
      [ids['BN, seed 1'], 1, 0.701, 20],
      [ids['LRN, seed 1'], 2, 0.5, 20],
    ])
    expect(early.ranking!.sentence).toBe(
      'The winner changes with the budget: BN, seed 1 leads up to 4 epochs, then LRN, seed 1 up to 6 epochs.',
    )
    // A step of LRN takes twice as long, so within the same minute it is at half of its steps.
    const timed = await compare('LRN, seed 1', 'BN, seed 1', '--budget', 'time=60s')
    expect(timed.stdout).toMatch(/At 1 min 00 s each, best validation\/accuracy:/)
    expect(timed.stdout).toMatch(/1 +BN, seed 1 +81\.60 % +60/)
    expect(timed.stdout).toMatch(/2 +LRN, seed 1 +72\.00 % +30/)
    expect(timed.stdout).toContain('The winner is the same at every budget up to 1 min 00 s: BN, seed 1.')
  })

  it('says of memory what is higher, and neither ranks by it nor calls a value the best', async () => {
    const memory = ['--metric', 'system/memory-mib']
    const found = await compareJson(...seedsOf('LRN'), ...seedsOf('BN'), ...memory)
    expect([found.reading, found.verdicts[0]!.outcome]).toEqual(['last', 'higher'])
    expect(found.verdicts[0]!.sentence).toMatch(/^LRN is higher by 298 \[/)
    const { ranking } = await compareJson('LRN, seed 1', 'BN, seed 1', ...memory, '--budget', 'epochs=2')
    expect([ranking!.sentence, ...ranking!.runs.map(({ rank }) => rank)]).toEqual(['', null, null])
    const { stdout } = await compare('LRN, seed 1', 'BN, seed 1')
    expect(stdout).toMatch(/^system\/memory-mib +1200 at 60 +902 at 60$/m)
    expect(stdout).not.toContain('system/memory-mib, best')
  })

  it('leaves a diverged run out of the budget unless it is wanted', async () => {
    const without = await compareJson('LRN, seed 4', 'BN, seed 1', '--budget', 'steps=60')
    expect(without.ranking!.runs.map(({ run }) => run)).toEqual([ids['BN, seed 1']])
    expect(without.groups[0]!.leftOut).toEqual([{ run: ids['LRN, seed 4'], reason: 'diverged' }])
    const far = await compareJson('LRN, seed 4', 'BN, seed 1', '--budget', 'steps=60', '--unfinished')
    expect(far.ranking!.runs[1]).toMatchObject({ run: ids['LRN, seed 4'], rank: null })
    expect(far.groups[0]!.leftOut).toEqual([{ run: ids['LRN, seed 4'], reason: 'did not reach 60 steps' }])
  })

  it.each([
    [['LRN, seed 1'], 'Name at least two runs to compare.'],
    [['LRN, seed 1', 'BN, seed 1', '--metric', 'test/accuracyy'], 'None of the runs has a metric "test/accuracyy"'],
    [['LRN, seed 1', 'BN, seed 1', '--budget', 'time=90'], '--budget must be'],
    [['LRN, seed 1', 'BN, seed 1', '--budget', 'steps=-3'], '--budget must be'],
    [['LRN, seed 1', 'BN, seed 1', '--reading', 'mean'], '--reading must be best or last'],
    [
      ['LRN, seed 1', 'BN, seed 1', '--metric', 'system/memory-mib', '--reading', 'best'],
      '--reading must be last for system/memory-mib: neither way of it is better.',
    ],
    [['LRN, seed 1', 'BN, seed 1', '--baseline', 'BN, seed 2'], '--baseline must be one of the compared runs'],
    [['LRN, seed 1', 'BN, seed 1', '--group-by', 'model.dropout.rat'], 'Did you mean model.dropout.rate'],
  ])('refuses %j', async (args, message) => {
    const { status, stderr, stdout } = await compare(...args)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
  })
})

describe('ablate compare with the runs of a grid', () => {
  interface InGrid extends Compared {
    grid: {
      name: string
      factors: { id: string; levels: unknown[] }[]
      cells: { levels: Record<string, unknown>; runs: string[]; n: number; mean: number | null; standardDeviation: number | null }[]
    } | null
  } // prettier-ignore
  const grid = newFolder()
  let names: string[]
  beforeAll(async () => {
    writeGridWorkspace(grid)
    names = (await ablateJson<{ name: string }[]>('runs', '--workspace', grid)).map(({ name }) => name)
  })
  const named = (pattern: RegExp): string[] => names.filter((name) => pattern.test(name))

  it('shows its cells, the last factor in the columns', async () => {
    const { stdout } = await ablate('compare', ...names, '--workspace', grid)
    expect(stdout).toMatch(/^Grid “Dropout by rate and activation”, best validation\/accuracy, %, mean ± standard/m)
    expect(stdout).toMatch(/^dropout\.rate +learningRate +activation relu +activation tanh$/m)
    // What did not finish has no value here, as it has none among the groups.
    expect(stdout).toMatch(/^0\.5 +0\.1 +\d\d\.\d\d ± \d\.\d\d \(n 2\) +2 paused$/m)
    expect(stdout.match(/^0(\.\d)? +0\.\d+ +/gm)).toHaveLength(9)
    expect(stdout).toContain('138 more pairs are in --json')
  })

  it('leaves out the factors and levels that none of the compared runs differs in', async () => {
    const runs = named(/^Rates: (ReLU|tanh), dropout 0\.4, lr 0\.0\d*1?, seed/)
    const found = await ablateJson<InGrid>('compare', ...runs, '--workspace', grid)
    expect(found.grid!.factors.map(({ id }) => id)).toEqual(['training.learningRate', 'model.activation'])
    expect(found.grid!.cells).toHaveLength(4)
    const cell = found.grid!.cells.find(
      ({ levels }) => levels['training.learningRate'] === 0.01 && levels['model.activation'] === 'tanh',
    )!
    const group = found.groups.find(({ label }) => label === 'tanh, lr 0.01')!
    expect([cell.n, cell.mean]).toEqual([2, group.mean])
    const { stdout } = await ablate('compare', ...runs, '--workspace', grid)
    expect(stdout).toMatch(/^learningRate +activation relu +activation tanh\n0\.001 .*\n0\.01 .*\n\n/m)
  })

  it('tells no mean and no number of runs where each cell has one', async () => {
    const { stdout } = await ablate('compare', ...named(/dropout 0\.4, lr 0\.0\d*1?, seed 1/), '--workspace', grid)
    expect(stdout).toMatch(/^Grid “.*”, best validation\/accuracy, %:$/m)
    expect(stdout).toMatch(/^0\.001 +\d\d\.\d\d +\d\d\.\d\d$/m)
  })

  it('shows none for runs that differ in one factor, or are not of one grid', async () => {
    const alike = await ablate('compare', ...named(/ReLU, dropout 0\.4, .* seed 1/), '--workspace', grid)
    expect(alike.stdout).not.toContain('Grid')
    expect((await ablateJson<InGrid>('compare', 'LRN, seed 1', 'BN, seed 1', '--workspace', folder)).grid).toBeNull()
  })
})

describe('a run in the terminal', () => {
  const show = (run: string) => ablate('show', run, '--workspace', folder)

  it('is found by the beginning of its id and by its name', async () => {
    const id = ids['BN, seed 2']!
    const others = Object.values(ids).filter((other) => other !== id)
    const length = Array.from({ length: id.length }, (_, n) => n + 1).find(
      (n) => !others.some((other) => other.startsWith(id.slice(0, n))),
    )!
    for (const text of [id, id.slice(0, length), 'BN, seed 2']) {
      expect((await show(text)).stdout).toContain('BN, seed 2')
    }
  })

  it('that is not there is told with what there is, and an empty workspace with how to begin there', async () => {
    const { stderr } = await show('nothing like it')
    expect(stderr).toContain('ablate runs lists those that are there. [run-not-found]')
    const { stdout } = await ablate('runs', '--workspace', '/no/such folder')
    expect(stdout).toBe(
      "There is no folder /no/such folder. Start a run with: npx ablate train alexnet-small --workspace '/no/such folder'\n",
    )
  })

  it('that could be several is refused with the candidates', async () => {
    const { status, stderr } = await show('r')
    expect(status).toBe(2)
    expect(stderr).toContain('10 runs have ids that begin with "r"')
    expect(stderr).toContain('and 2 more')
  })

  it('that is not there is refused with the nearest name', async () => {
    const { status, stderr } = await show('BN, sed 2')
    expect(status).toBe(1)
    expect(stderr).toContain('Did you mean BN, seed 2')
  })
})
