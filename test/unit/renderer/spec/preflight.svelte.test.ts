import { describe, expect, it } from 'vitest'
import { createClient } from '../../../../src-core/contract/client.ts'
import type { Transport } from '../../../../src-core/contract/transport.ts'
import { setAtPath } from '../../../../src-core/domain/spec/paths.ts'
import { recipeSpec } from '../../../../src-core/domain/spec/recipes.ts'
import { PreflightCheck } from '../../../../src-renderer/state/new-run/preflight-check.svelte.ts'
import { Workbench } from '../../../../src-renderer/state/workbench.svelte.ts'
import { FakeWorkbench } from '../../../support/renderer/fake-workbench.ts'
import { samplePreflight } from '../../../support/sample-run.ts'

const spec = recipeSpec('alexnet-small')
const misfit = samplePreflight(spec, { found: 'exhausted' })

/** Main that answers a measurement when the test says so, and counts what it is asked. */
function heldMain() {
  const asked: string[] = []
  const waiting: ((reply: unknown) => void)[] = []
  const transport: Transport = {
    invoke: (procedure) => {
      asked.push(procedure)
      if (procedure !== 'preflight.measure') return Promise.resolve({ ok: true, value: undefined })
      return new Promise((resolve) => void waiting.push(resolve))
    },
    subscribe: () => () => {},
  }
  const answer = async (value: unknown): Promise<void> => {
    waiting.shift()!({ ok: true, value })
    await new Promise((resolve) => setTimeout(resolve))
  }
  return {
    asked,
    answer,
    refuse: (error: unknown) => waiting.shift()!({ ok: false, error }),
    check: new PreflightCheck(createClient(transport)),
  }
}

describe('the preflight of New run', () => {
  it('is measured when asked for, and stale for other choices', async () => {
    const { check, answer } = heldMain()
    expect([check.status, check.isStale(spec)]).toEqual(['idle', false])
    void check.measure(spec)
    expect(check.status).toBe('measuring')
    await answer(samplePreflight(spec))
    expect([check.status, check.result]).toEqual(['shown', samplePreflight(spec)])
    expect([
      check.isStale(spec),
      check.isStale(setAtPath(spec, 'training.batchSize', 32)),
      check.isStale(null),
    ]).toEqual([false, true, true])
  })

  it('that is cancelled tells main and leaves what was measured before', async () => {
    const { check, asked, answer } = heldMain()
    check.cancel()
    void check.measure(spec)
    await answer(samplePreflight(spec))
    void check.measure(setAtPath(spec, 'training.batchSize', 32))
    check.cancel()
    expect(check.status).toBe('shown')
    await answer(misfit)
    expect([check.status, check.result]).toEqual(['shown', samplePreflight(spec)])
    expect(asked).toEqual(['preflight.measure', 'preflight.measure', 'preflight.cancel'])
  })

  it('says in words why it failed, and nothing of one that was given up', async () => {
    const { check, refuse } = heldMain()
    const failed = check.measure(spec)
    refuse({ code: 'trainer-died', message: 'The preflight was not done within 900 s, and its process was ended.' })
    await failed
    expect([check.status, check.problem]).toEqual(['failed', expect.stringMatching(/not done within/)])
    const given = check.measure(spec)
    check.cancel()
    refuse({ code: 'cancelled', message: 'The preflight was cancelled.' })
    await given
    expect([check.status, check.problem]).toEqual(['idle', expect.stringMatching(/not done within/)])
  })

  it('forbids to start exactly what it refused', async () => {
    const { check, answer } = heldMain()
    void check.measure(spec)
    await answer(misfit)
    expect(check.refusal(spec)).toEqual(misfit)
    expect([check.refusal(setAtPath(spec, 'training.batchSize', 32)), check.refusal(null)]).toEqual([null, null])
  })

  it('keeps the workbench from recording a run that cannot fit, until the choices change', async () => {
    const fake = new FakeWorkbench([])
    const workbench = new Workbench(createClient(fake.transport))
    await workbench.load()
    const { draft, preflight } = workbench
    await preflight.measure(draft.spec!)
    preflight.result = samplePreflight(draft.spec!, { found: 'exhausted' })
    await workbench.startDraft(true)
    expect(workbench.runs.kept).toEqual([])
    draft.set('training.batchSize', preflight.result.proposedBatchSize)
    await workbench.startDraft(true)
    expect(workbench.runs.kept.map((run) => run.spec.training.batchSize)).toEqual([32])
  })
})
