import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Client } from '../../../../src-core/contract/client.ts'
import { WorkbenchError } from '../../../../src-core/domain/errors.ts'
import type { Run } from '../../../../src-core/domain/run.ts'
import { GridComparison } from '../../../../src-renderer/state/compare/grid-comparison.svelte.ts'
import type { Grids } from '../../../../src-renderer/state/compare/grids.svelte.ts'
import type { LayoutStore } from '../../../../src-renderer/state/layout/layout-store.svelte.ts'
import { Notices } from '../../../../src-renderer/state/notices.svelte.ts'
import { drawnSeries } from '../../../support/drawn-series.ts'
import { sampleRun } from '../../../support/sample-run.ts'

const metric = 'validation/accuracy'

/** A grid of two runs, of which the second was stopped before it logged the metric. */
function openGrid() {
  const state = { asked: [] as string[][], failing: false, step: 10 }
  const client = {
    async call(_name: string, { runIds }: { runIds: string[] }) {
      state.asked.push(runIds)
      if (state.failing) throw new WorkbenchError('internal', 'The record could not be read.')
      const point = { step: 10, epoch: 1, wallTime: 0, activeTime: 0, last: 0.5, min: 0.5, max: 0.5 }
      return runIds.filter((id) => id.endsWith('a')).map((id) => drawnSeries(id, metric, [point]))
    },
  } as unknown as Client
  const runs = (): Run[] => [
    sampleRun({ id: 'r000000000a', state: 'running', step: state.step, last: { [metric]: 0.5 } }),
    sampleRun({ id: 'r000000000b', state: 'stopped', step: 3, last: {} }),
  ]
  const notices = new Notices()
  const layout = { read: (_section: string, _schema: unknown, initial: unknown) => initial } as unknown as LayoutStore
  const grids = { holding: () => undefined } as unknown as Grids
  return { grid: new GridComparison({ client, notices, layout, grids, runs }), state, notices }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the values of a grid', () => {
  it('are not asked for again of a run that never logged the metric', async () => {
    const { grid, state } = openGrid()
    await grid.refresh()
    await grid.refresh()
    expect(state.asked).toEqual([['r000000000a', 'r000000000b']])
    expect([grid.valueOf('r000000000a', metric), grid.valueOf('r000000000b', metric)]).toEqual([0.5, null])
  })

  it('that cannot be read are told of once, and asked for again', async () => {
    const { grid, state, notices } = openGrid()
    state.failing = true
    await grid.refresh()
    await grid.refresh()
    expect([state.asked.length, notices.kept.length]).toEqual([2, 1])
    state.failing = false
    await grid.refresh()
    expect([grid.valueOf('r000000000a', metric), notices.kept.length]).toEqual([0.5, 1])
    await grid.refresh()
    expect(state.asked.length).toBe(3)
  })

  it('are asked for while runs report all the time', async () => {
    const { grid, state } = openGrid()
    for (let tick = 0; tick < 20; tick++) {
      grid.refreshSoon()
      await vi.advanceTimersByTimeAsync(100)
    }
    expect(state.asked.length).toBe(1)
    grid.refreshSoon()
    expect(state.asked.length).toBe(1)
  })
})
