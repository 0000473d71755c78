import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Client } from '../../../../src-core/contract/client.ts'
import { WorkbenchError } from '../../../../src-core/domain/errors.ts'
import { Sparklines } from '../../../../src-renderer/state/table/sparklines.svelte.ts'
import { drawnSeries } from '../../../support/drawn-series.ts'
import { sampleRun } from '../../../support/sample-run.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the trend of a run that cannot be read', () => {
  it('is asked for again now and then, not all the time', async () => {
    const state = { asked: 0, failing: true }
    const client = {
      async call(_name: string, { runIds: [id] }: { runIds: string[] }) {
        state.asked += 1
        if (state.failing) throw new WorkbenchError('internal', 'The record could not be read.')
        const point = { step: 5, epoch: 0, wallTime: 0, activeTime: 0, last: 2, min: 2, max: 2 }
        return [drawnSeries(id!, 'validation/accuracy', [point])]
      },
    } as unknown as Client
    const lines = new Sparklines(client)
    const run = sampleRun({ step: 5 })
    lines.show([run])
    await vi.advanceTimersByTimeAsync(10_000)
    lines.show([run])
    await vi.advanceTimersByTimeAsync(1000)
    expect([state.asked, lines.get(run.id)]).toEqual([1, null])
    state.failing = false
    await vi.advanceTimersByTimeAsync(30_000)
    lines.show([run])
    await vi.advanceTimersByTimeAsync(1000)
    expect([state.asked, lines.get(run.id)]).toEqual([2, [2]])
  })
})
