import { describe, expect, it } from 'vitest'
import { createClient } from '../../../../src-core/contract/client.ts'
import { FilterHistory } from '../../../../src-renderer/state/inspection/filter-history.svelte.ts'
import { Workbench } from '../../../../src-renderer/state/workbench.svelte.ts'
import { FakeWorkbench } from '../../../support/renderer/fake-workbench.ts'
import { sampleRuns } from '../../../support/renderer/sample-runs.ts'
import { sampleFilters } from '../../../support/sample-run.ts'

const settle = () => new Promise((done) => setTimeout(done))
const recorded = (id: number, step: number) => ({ id, filters: sampleFilters(step) })

/** A client whose questions are answered when the test says so. */
function held() {
  const asked: { after: number; answer: (found: unknown) => void; fail: (error: Error) => void }[] = []
  const listeners = new Map<string, (payload: unknown) => void>()
  let ended = 0
  const client = {
    call: (_: string, { after }: { after: number }) =>
      new Promise((answer, fail) => void asked.push({ after, answer, fail })),
    on: (name: string, listener: (payload: unknown) => void) => (
      listeners.set(name, listener),
      () => void (ended += 1)
    ),
  }
  const history = new FilterHistory(client as never, 'r1')
  const record = (id: number, step: number, runId = 'r1', kind = 'filters') =>
    listeners.get('artifact.recorded')!({ runId, artifact: { id, step, kind, subject: 'conv1' } })
  const rewind = () => listeners.get('metrics.rewound')!({ runId: 'r1', toStep: 1 })
  return { history, asked, record, rewind, ended: () => ended, steps: () => history.kept?.map(({ step }) => step) }
}

describe('the first kernels that a run kept', () => {
  it('are asked for once, then only those that are new', async () => {
    const { history, asked, record, steps } = held()
    record(1, 0)
    expect([asked.length, history.kept]).toEqual([0, null])
    void history.load()
    await settle()
    asked[0]!.answer([recorded(1, 0), recorded(4, 2)])
    await settle()
    expect(steps()).toEqual([0, 2])
    record(9, 3, 'r2')
    record(9, 3, 'r1', 'profile')
    record(7, 3)
    await settle()
    expect(asked.map(({ after }) => after)).toEqual([0, 4])
    asked[1]!.answer([recorded(7, 3)])
    await settle()
    expect(steps()).toEqual([0, 2, 3])
  })

  it('wait for the answer before, so that none comes twice', async () => {
    const { history, asked, record, steps } = held()
    void history.load()
    record(2, 1)
    await settle()
    expect(asked).toHaveLength(1)
    asked[0]!.answer([recorded(1, 0), recorded(2, 1)])
    await settle()
    expect(asked.map(({ after }) => after)).toEqual([0, 2])
    asked[1]!.answer([])
    await settle()
    expect(steps()).toEqual([0, 1])
  })

  it('that a rewind removed go when the new answer is here, and no late one brings them back', async () => {
    const { history, asked, rewind, record, steps } = held()
    void history.load()
    await settle()
    asked[0]!.answer([recorded(1, 0), recorded(2, 1), recorded(3, 2)])
    await settle()
    record(4, 3)
    await settle()
    rewind()
    asked[1]!.answer([recorded(4, 3)])
    await settle()
    expect(steps()).toEqual([0, 1, 2])
    expect(asked[2]!.after).toBe(0)
    asked[2]!.answer([recorded(1, 0), recorded(2, 1)])
    await settle()
    expect(steps()).toEqual([0, 1])
  })

  it('say why they could not be read, can be asked for again, and are let go of', async () => {
    const { history, asked, ended, steps } = held()
    void history.load()
    await settle()
    asked[0]!.fail(new Error('The record could not be read.'))
    await settle()
    expect([history.problem, history.kept]).toEqual([expect.stringContaining('could not be read'), null])
    void history.load()
    await settle()
    asked[1]!.answer([recorded(1, 0)])
    await settle()
    expect([history.problem, steps()]).toEqual(['', [0]])
    history.dispose()
    expect(ended()).toBe(2)
  })

  it('come as the contract has them, and grow while the run trains', async () => {
    const fake = new FakeWorkbench(sampleRuns())
    const workbench = new Workbench(createClient(fake.transport))
    await workbench.load()
    const run = workbench.runs.all.find(({ state }) => state === 'running')!
    const history = new FilterHistory(workbench.client, run.id)
    await history.load()
    const before = history.kept!.length
    expect(history.kept![0]).toMatchObject({ step: 0, layer: 'conv1' })
    fake.tick(run.stepsPerEpoch!)
    await history.load()
    expect(history.kept!.length).toBeGreaterThan(before)
    expect(new Set(history.kept!.map(({ step }) => step)).size).toBe(history.kept!.length)
    history.dispose()
  })
})
