import { describe, expect, it, vi } from 'vitest'
import { createClient } from '../../../src-core/contract/client.ts'
import { metricNames } from '../../../src-core/domain/metrics.ts'
import { resultsAtStep } from '../../../src-renderer/lib/run/compare-rows.ts'
import { neighbouringTick, stepAtOrBefore } from '../../../src-renderer/lib/run/step-ticks.ts'
import { StepValues } from '../../../src-renderer/state/run/step-values.svelte.ts'
import { Scrubber } from '../../../src-renderer/state/scrubber.svelte.ts'
import { Workbench } from '../../../src-renderer/state/workbench.svelte.ts'
import { FakeWorkbench } from '../../support/renderer/fake-workbench.ts'
import { sampleRuns } from '../../support/renderer/sample-runs.ts'

async function open() {
  const fake = new FakeWorkbench(sampleRuns())
  const workbench = new Workbench(createClient(fake.transport))
  await workbench.load()
  const run = workbench.runs.all.find(({ name }) => name.includes('BN, dropout 0.5, seed 1'))!
  return { fake, workbench, run }
}

describe('steps and checkpoints', () => {
  it('the checkpoint at a step is the newest before it, else the first', () => {
    const steps = [10, 20, 35]
    expect([null, 40, 35, 34, 10, 9].map((step) => stepAtOrBefore(steps, step))).toEqual([35, 35, 35, 20, 10, 10])
    expect(stepAtOrBefore([], 5)).toBeNull()
  })

  it('an arrow key goes to the next checkpoint, and from the last one to the newest step', () => {
    const ticks = [10, 20, 35]
    expect(neighbouringTick(ticks, null, 40, -1)).toBe(35)
    expect(neighbouringTick(ticks, null, 35, -1)).toBe(20)
    expect(neighbouringTick(ticks, 15, 40, -1)).toBe(10)
    expect(neighbouringTick(ticks, 10, 40, -1)).toBe(10)
    expect(neighbouringTick(ticks, 15, 40, 1)).toBe(20)
    expect(neighbouringTick(ticks, 35, 40, 1)).toBeNull()
    expect(neighbouringTick(ticks, 20, 35, 1)).toBeNull()
    expect(neighbouringTick(ticks, null, 40, 1)).toBeNull()
    expect(neighbouringTick([], 12, 40, -1)).toBe(12)
  })
})

describe('the scrubber', () => {
  it('asks for the checkpoints of a run when it has a new one, and moves with the step', async () => {
    const { fake, workbench, run } = await open()
    const scrubber = new Scrubber(workbench.client)
    expect(scrubber.knows(run.id)).toBe(false)
    await scrubber.load(run.id, 3)
    await scrubber.load(run.id, 3)
    await scrubber.load(run.id, 4)
    expect(fake.calls.filter(({ procedure }) => procedure === 'checkpoints.list')).toHaveLength(2)
    const ticks = scrubber.ticks([run.id])
    expect(ticks).toEqual([...ticks].sort((a, b) => a - b))
    expect(scrubber.checkpointOf(run.id)).toBe(ticks.at(-1))
    scrubber.step = ticks.at(-1)! - 1
    expect(scrubber.checkpointOf(run.id)).toBe(ticks.length > 1 ? ticks.at(-2) : ticks[0])
  })

  it('says why checkpoints could not be read, and asks again', async () => {
    const { workbench } = await open()
    const scrubber = new Scrubber(workbench.client)
    await scrubber.load('r0zzzzzzzzz', null)
    expect([scrubber.problem, scrubber.knows('r0zzzzzzzzz')]).toEqual(['There is no run r0zzzzzzzzz.', false])
    expect(scrubber.checkpointOf('r0zzzzzzzzz')).toBeNull()
  })

  it('is the step of the charts, and follows the newest when other runs are chosen', async () => {
    const { workbench, run } = await open()
    const { comparison } = workbench
    comparison.choose([run.id])
    comparison.scrubber.step = 5
    expect(comparison.options.shownStep).toBe(5)
    comparison.choose([])
    expect(comparison.options.shownStep).toBeNull()
  })
})

describe('the values at a step', () => {
  it('are asked for once the slider rests, and the last wish counts', async () => {
    vi.useFakeTimers()
    try {
      const { fake, workbench, run } = await open()
      const values = new StepValues(workbench.client)
      values.want([run.id], 3)
      values.want([run.id], 7)
      await vi.advanceTimersByTimeAsync(200)
      expect(fake.calls.filter(({ procedure }) => procedure === 'metrics.at')).toHaveLength(1)
      expect(values.shown?.step).toBe(7)
      expect(values.shown?.byRun[run.id]?.[metricNames.trainLoss]?.step).toBe(7)
      values.want([run.id], null)
      expect(values.shown).toBeNull()
      values.want(['r0zzzzzzzzz'], 7)
      await vi.advanceTimersByTimeAsync(200)
      expect(values.problem).toBe('There is no run r0zzzzzzzzz.')
    } finally {
      vi.useRealTimers()
    }
  })

  it('become rows with their own steps, the better one marked; a metric that no run has is left out', async () => {
    const { run } = await open()
    const other = { ...run, id: 'other' }
    const metrics = [
      { metric: metricNames.validationLoss, title: 'Validation loss' },
      { metric: metricNames.testLoss, title: 'Test loss' },
    ]
    const rows = resultsAtStep([run, other], metrics, (id) => ({
      [metricNames.validationLoss]: id === 'other' ? { value: 0.5, step: 10 } : { value: 0.75, step: 8 },
    }))
    expect(rows).toEqual([
      {
        label: 'Validation loss',
        cells: [
          { text: '0.7500', note: 'at 8', best: false },
          { text: '0.5000', note: 'at 10', best: true },
        ],
      },
    ])
    const rate = { metric: metricNames.learningRate, title: 'Learning rate' }
    const rates = resultsAtStep([run, other], [rate], (id) => ({
      [metricNames.learningRate]: { value: id === 'other' ? 0.01 : 0.1, step: 8 },
    }))
    expect(rates[0]!.cells.map(({ best }) => best)).toEqual([false, false])
  })
})
