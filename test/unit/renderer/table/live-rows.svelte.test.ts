import { afterEach, describe, expect, it, vi } from 'vitest'
import { createClient } from '../../../../src-core/contract/client.ts'
import { Workbench } from '../../../../src-renderer/state/workbench.svelte.ts'
import { FakeWorkbench } from '../../../support/renderer/fake-workbench.ts'
import { sampleRuns } from '../../../support/renderer/sample-runs.ts'

afterEach(() => vi.useRealTimers())

async function open(): Promise<{ fake: FakeWorkbench; workbench: Workbench }> {
  const fake = new FakeWorkbench(sampleRuns())
  const workbench = new Workbench(createClient(fake.transport))
  await workbench.load()
  vi.useFakeTimers()
  return { fake, workbench }
}

describe('while a run trains', () => {
  it('rows are drawn a few times a second, sorted anew once a second, and none is taken for another', async () => {
    const { fake, workbench } = await open()
    const { runs } = workbench
    const before = { version: runs.version, progress: runs.progress, pace: runs.pace }
    for (let tick = 0; tick < 30; tick++) {
      fake.tick(1)
      vi.advanceTimersByTime(100)
    }
    expect(runs.version).toBe(before.version)
    expect(runs.pace - before.pace).toBeGreaterThanOrEqual(2)
    expect(runs.pace - before.pace).toBeLessThanOrEqual(3)
    expect(runs.progress - before.progress).toBeLessThanOrEqual(24)
  })

  it('the sorting by what it logs uses what it logged last', async () => {
    const { fake, workbench } = await open()
    const [running] = workbench.runs.training
    fake.tick(1)
    const { table, runs } = workbench
    table.layout.sort('step', true)
    expect(table.rows.find(({ id }) => id === running!.id)!.step).toBe(runs.get(running!.id)!.step)
    expect(runs.get(running!.id)!.step).toBe(running!.step + 1)
  })
})
