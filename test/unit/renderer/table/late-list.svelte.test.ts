import { describe, expect, it } from 'vitest'
import type { Client } from '../../../../src-core/contract/client.ts'
import type { StepRecord } from '../../../../src-core/domain/metrics.ts'
import { packRunList } from '../../../../src-core/domain/run-list/run-list.ts'
import type { Run } from '../../../../src-core/domain/run.ts'
import { Notices } from '../../../../src-renderer/state/notices.svelte.ts'
import { Runs } from '../../../../src-renderer/state/runs.svelte.ts'
import { runListOf } from '../../../support/run-list.ts'
import { sampleRun } from '../../../support/sample-run.ts'

const accuracy = 'validation/accuracy'
const loss = 'train/loss'

function summary(value: number, step: number): Run['metrics'][string] {
  const point = { last: value, lastStep: step, lastEpoch: 0, min: value, minStep: step, minEpoch: 0 }
  return { points: 1, ...point, max: value, maxStep: step, maxEpoch: 0 }
}

function record(step: number, metrics: Record<string, number>): StepRecord {
  return { step, epoch: 0, wallTime: 0, activeTime: 0, metrics }
}

/** A window whose list of runs, as it is now, arrives when it is let go. */
function loading(runs: readonly Run[]) {
  const listeners = new Map<string, (payload: unknown) => void>()
  let letGo = (): void => {}
  const client = {
    async call() {
      await new Promise<void>((done) => (letGo = done))
      return packRunList(runListOf(runs))
    },
    on: (name: string, listener: (payload: unknown) => void) => void listeners.set(name, listener),
  } as unknown as Client
  const state = new Runs(client, new Notices())
  const loaded = state.load()
  const emit = (name: string, payload: unknown): void => listeners.get(name)!(payload)
  const arrive = async (): Promise<void> => {
    letGo()
    await loaded
  }
  return { runs: state, emit, arrive }
}

const [a, b] = ['r000000000a', 'r000000000b'].map((id) =>
  sampleRun({ id, state: 'running', metrics: { [loss]: summary(2, 10) } }),
) as [Run, Run]

describe('a list of runs that arrives late', () => {
  it('replaces no value that was logged meanwhile', async () => {
    const { runs, emit, arrive } = loading([a, b])
    emit('metrics.appended', { runId: a.id, records: [record(11, { [loss]: 1 }), record(12, { [loss]: 3 })] })
    await arrive()
    expect([runs.summaries.value(a.id, loss, 'last'), runs.summaries.step(a.id, loss, 'last')]).toEqual([3, 12])
    expect([runs.summaries.value(a.id, loss, 'min'), runs.summaries.value(b.id, loss, 'last')]).toEqual([1, 2])
  })

  it('replaces no run that was told of meanwhile, with its sums', async () => {
    const { runs, emit, arrive } = loading([a, b])
    const ended = { ...a, state: 'finished', metrics: { [loss]: summary(0.5, 20) } }
    emit('metrics.appended', { runId: a.id, records: [record(11, { [loss]: 1 })] })
    emit('run.changed', { run: ended })
    await arrive()
    expect([runs.peek(a.id)!.state, runs.summaries.value(a.id, loss, 'last')]).toEqual(['finished', 0.5])
  })

  it('brings no run back that was purged meanwhile', async () => {
    const { runs, emit, arrive } = loading([a, b])
    emit('run.purged', { runId: a.id })
    await arrive()
    expect(runs.snapshot().map(({ id }) => id)).toEqual([b.id])
  })
})

describe('a metric that appears while a run trains', () => {
  it('is announced as a change, and its next values as progress', async () => {
    const { runs, emit, arrive } = loading([a])
    await arrive()
    const { version } = runs
    emit('metrics.appended', { runId: a.id, records: [record(11, { [loss]: 1 })] })
    expect(runs.version).toBe(version)
    emit('metrics.appended', { runId: a.id, records: [record(12, { [accuracy]: 0.5 })] })
    expect([runs.version, runs.summaries.metrics()]).toEqual([version + 1, [loss, accuracy]])
    emit('metrics.appended', { runId: a.id, records: [record(13, { [accuracy]: 0.6 })] })
    expect(runs.version).toBe(version + 1)
  })

  it('is announced too when a run is told of with it', async () => {
    const { runs, emit, arrive } = loading([a])
    await arrive()
    const { version } = runs
    emit('run.changed', { run: { ...a, metrics: { ...a.metrics, [accuracy]: summary(0.5, 11) } } })
    expect(runs.version).toBe(version + 1)
  })
})
