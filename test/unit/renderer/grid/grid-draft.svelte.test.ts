import { describe, expect, it } from 'vitest'
import { createClient } from '../../../../src-core/contract/client.ts'
import type { Handlers } from '../../../../src-core/contract/procedures/index.ts'
import { Workbench } from '../../../../src-renderer/state/workbench.svelte.ts'
import { FakeWorkbench } from '../../../support/renderer/fake-workbench.ts'
import { sampleRuns } from '../../../support/renderer/sample-runs.ts'

async function opened(): Promise<{ fake: FakeWorkbench; workbench: Workbench }> {
  const fake = new FakeWorkbench([])
  const workbench = new Workbench(createClient(fake.transport))
  await workbench.load()
  workbench.draft.choose('alexnet-small')
  return { fake, workbench }
}

describe('lists in the fields of New run', () => {
  it('make a grid that says its size, with the first values in the draft itself', async () => {
    const { draft, gridDraft } = (await opened()).workbench
    draft.type('model.dropout.rate', '0, 0.4, 0.5')
    draft.type('training.learningRate', '1e-3..1e-2 log 2')
    draft.type('training.seed', '1..5')
    expect([draft.isGrid, gridDraft.words, gridDraft.ready]).toEqual([true, '3 × 2 × 5 seeds = 30 runs', true])
    expect(draft.candidate.model.dropout.rate).toBe(0)
    expect(gridDraft.runs[0]!.name).toBe(
      'Small AlexNet by dropout rate and learning rate: no dropout, lr 0.001, seed 1',
    )
    // Each cell once before the next seed.
    expect(gridDraft.runs.slice(5, 7).map(({ cell, spec }) => [cell, spec.training.seed])).toEqual([
      [5, 1],
      [0, 2],
    ])
    draft.leave('training.learningRate')
    expect(draft.text('training.learningRate')).toBe('0.001, 0.01')
    draft.type('training.seed', '3')
    draft.reset('model.dropout.rate')
    draft.set('training.learningRate', 0.01)
    expect(draft.isGrid).toBe(false)
  })

  it('say at the field what is wrong with a value or a range, and keep what was typed', async () => {
    const { draft } = (await opened()).workbench
    draft.type('model.dropout.rate', '0.4, 1.5')
    expect(draft.problems['model.dropout.rate']!.message).toMatch(/^1\.5: Must be/)
    draft.type('training.learningRate', '0..1 log 3')
    draft.leave('training.learningRate')
    expect(draft.problems['training.learningRate']!.message).toContain('cannot be spaced logarithmically')
    expect([draft.text('training.learningRate'), draft.ready]).toEqual(['0..1 log 3', false])
    draft.type('training.learningRate', '0.1')
    draft.type('model.dropout.rate', '0.4')
    expect(draft.problems).toEqual({})
  })

  it('cross out combinations that break a rule, and leave them out by consent alone', async () => {
    const { draft, gridDraft } = (await opened()).workbench
    draft.setSeveral('training.schedule.kind', ['constant', 'plateau'])
    draft.type('data.validationFraction', '0, 0.1')
    expect([draft.ready, gridDraft.runs.length, gridDraft.ready]).toEqual([true, 3, false])
    expect(gridDraft.leftOut.map(({ problem }) => problem)).toEqual([
      expect.stringContaining('plateau schedule watches'),
    ])
    expect(gridDraft.definition()).toBeNull()
    gridDraft.leaveOut = true
    expect(gridDraft.definition()!.cells).toHaveLength(3)
  })

  it('refuse more runs than a grid may have', async () => {
    const { draft, gridDraft } = (await opened()).workbench
    draft.type('training.epochs', '1..100')
    draft.type('training.seed', '1..6')
    expect(gridDraft.problem).toContain('at most 500 runs, but this one would have 600')
    expect([gridDraft.runs, gridDraft.ready]).toEqual([[], false])
  })

  it('are recorded as one grid and shown as such', async () => {
    const { fake, workbench } = await opened()
    const { draft, grids, gridComparison } = workbench
    draft.type('model.dropout.rate', '0, 0.5')
    draft.type('training.seed', '1, 2')
    await workbench.startDraft(false)
    expect(fake.calls.filter(({ procedure }) => procedure === 'runs.createAll')).toHaveLength(1)
    expect(grids.all.map(({ name, runs }) => [name, runs.map(({ cell }) => cell)])).toEqual([
      ['Small AlexNet by dropout rate', [0, 1, 0, 1]],
    ])
    expect([workbench.router.route.view, workbench.comparison.tab]).toEqual(['compare', 'grid'])
    expect(gridComparison.factors.map(({ id }) => id)).toEqual(['model.dropout.rate'])
    expect(gridComparison.cells.map(({ runs }) => runs.length)).toEqual([2, 2])
  })

  it('say which way is better by the metric, whichever of its values is shown', async () => {
    const workbench = new Workbench(createClient(new FakeWorkbench(sampleRuns()).transport))
    await workbench.load()
    const { comparison, gridComparison: grid, runs } = workbench
    comparison.choose(runs.all.filter(({ state }) => state === 'finished').map(({ id }) => id))
    const accuracy = 'validation/accuracy'
    for (const measure of ['min', 'max', 'best'] as const) {
      grid.change({ metric: accuracy, measure }, null)
      expect([grid.metric, grid.direction, grid.measure]).toEqual([accuracy, 'higher', measure])
    }
    grid.change({ metric: 'validation/loss', measure: 'max' }, null)
    expect(grid.direction).toBe('lower')
    grid.change({ metric: 'system/memory-mib', measure: 'best' }, null)
    expect([grid.direction, grid.measure, grid.measures]).toEqual(['none', 'last', ['last', 'min', 'max']])
  })
})

describe('the cost of a grid', () => {
  it('is measured once for each network and batch size, and not for seeds and rates', async () => {
    const { fake, workbench } = await opened()
    const { draft, gridDraft, gridCost } = workbench
    draft.type('training.batchSize', '32, 64')
    draft.type('training.learningRate', '0.01, 0.1')
    const specs = gridDraft.runs.map(({ spec }) => spec)
    await gridCost.measure(specs)
    expect(fake.calls.filter(({ procedure }) => procedure === 'preflight.measure')).toHaveLength(2)
    expect(gridCost.result).toMatchObject({ measured: 2, estimated: 0 })
    expect(gridCost.result!.time).toBeGreaterThan(0)
    expect(gridCost.isStale(specs)).toBe(false)
    expect(gridCost.isStale(specs.slice(1))).toBe(true)
  })

  it('can be given up, which ends the probe that is under way', async () => {
    const { fake, workbench } = await opened()
    const handlers = (fake as unknown as { handlers: Handlers }).handlers
    const { 'preflight.measure': measure } = handlers
    let go = (): void => {}
    const gate = new Promise<void>((done) => (go = done))
    handlers['preflight.measure'] = async (input) => {
      await gate
      return measure(input)
    }
    const { draft, gridDraft, gridCost } = workbench
    draft.type('training.batchSize', '32, 64')
    const measuring = gridCost.measure(gridDraft.runs.map(({ spec }) => spec))
    gridCost.cancel()
    go()
    await measuring
    expect([gridCost.status, gridCost.result]).toEqual(['idle', null])
    expect(fake.calls.map(({ procedure }) => procedure)).toContain('preflight.cancel')
  })
})
