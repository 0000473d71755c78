import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Client } from '../../../../src-core/contract/client.ts'
import { WorkbenchError } from '../../../../src-core/domain/errors.ts'
import { BucketValues } from '../../../../src-renderer/state/compare/bucket-values.svelte.ts'
import { drawnSeries } from '../../../support/drawn-series.ts'

const stretch = { runId: 'r0000000000', metric: 'train/loss', fromStep: 5, toStep: 8 }
const other = { ...stretch, runId: 'r1111111111' }
const settled = 200

/** Main as it answers the question for values: with its own number as the value, or failing for some runs. */
function fakeMain() {
  const state = { asked: [] as string[], failing: new Set<string>() }
  let rewound: (payload: { runId: string }) => void = () => {}
  const waiting: (() => void)[] = []
  const client = {
    async call(_name: string, { runIds: [runId] }: { runIds: string[] }) {
      state.asked.push(runId!)
      const value = state.asked.length
      await new Promise<void>((done) => waiting.push(done))
      if (state.failing.has(runId!)) throw new WorkbenchError('internal', 'The record could not be read.')
      const point = { step: 8, epoch: 0, wallTime: 0, activeTime: 0, last: value, min: value, max: value }
      return [drawnSeries(runId!, 'train/loss', [point])]
    },
    on(_name: string, listener: typeof rewound) {
      rewound = listener
      return () => (rewound = () => {})
    },
  } as unknown as Client
  const answer = async (): Promise<void> => {
    waiting.splice(0).forEach((done) => done())
    await vi.advanceTimersByTimeAsync(0)
  }
  return { client, state, answer, rewind: (runId: string) => rewound({ runId }) }
}

async function wanted(...stretches: (typeof stretch)[]) {
  const main = fakeMain()
  const values = new BucketValues(main.client)
  values.want(stretches)
  await vi.advanceTimersByTimeAsync(settled)
  return { ...main, values }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the single values inside of a bucket', () => {
  it('are asked for once, however often they are wanted', async () => {
    const { values, state, answer } = await wanted(stretch)
    await answer()
    values.want([stretch])
    await vi.advanceTimersByTimeAsync(settled)
    expect([state.asked.length, values.get(stretch)!.last[0], values.problem]).toEqual([1, 1, ''])
  })

  it('that could not be read are asked for again by “Try again”, and by nothing else', async () => {
    const { values, state, answer } = await wanted(stretch)
    state.failing.add(stretch.runId)
    await answer()
    expect(values.problem).toMatch(/could not be read/)
    values.want([stretch])
    await vi.advanceTimersByTimeAsync(settled)
    expect(state.asked.length).toBe(1)
    state.failing.clear()
    values.retry()
    await answer()
    expect([state.asked.length, values.get(stretch)!.last[0], values.problem]).toEqual([2, 2, ''])
  })

  it('hide no failure of another stretch, and forget one that is no longer wanted', async () => {
    const { values, state, answer } = await wanted(other, stretch)
    state.failing.add(other.runId)
    await answer()
    expect([values.get(stretch)!.last[0], values.problem]).toEqual([2, expect.stringMatching(/could not be read/)])
    values.want([stretch])
    expect(values.problem).toBe('')
  })

  it('are read anew after a rewind of their run, and what was on its way is dropped', async () => {
    const { values, state, answer, rewind } = await wanted(stretch, other)
    await answer()
    rewind(stretch.runId)
    expect([values.get(stretch), values.get(other)!.last[0]]).toEqual([null, 2])
    values.want([stretch, other])
    await vi.advanceTimersByTimeAsync(settled)
    rewind(stretch.runId)
    await answer()
    expect(values.get(stretch)).toBeNull()
    values.want([stretch, other])
    await vi.advanceTimersByTimeAsync(settled)
    await answer()
    expect([values.get(stretch)!.last[0], state.asked.length]).toEqual([4, 4])
    values.dispose()
  })
})
