import { describe, expect, it } from 'vitest'
import type { Phase } from '../../../../src-core/domain/workload.ts'
import type { StepClock } from '../../../../src-core/engine/layers/step-clock.ts'
import { measured } from '../../../../src-core/engine/profile/step-profiler.ts'
import { RunProfiler, type ProfileArtifact } from '../../../../src-core/engine/profile/run-profiler.ts'

interface Setting {
  stepsPerEpoch?: number
  pretrainingSteps?: number
  enabled?: boolean
}

/** A run whose every step reads its batch for one millisecond more than the step before. */
function setUp({ stepsPerEpoch = 50, pretrainingSteps = 0, enabled = true }: Setting = {}) {
  let time = 0
  const clock: StepClock = { step: 0, precision: 'float32', frozen: new Set(), takeGradient: null, profiler: null }
  const phases: Phase[] = [
    { kind: 'pretraining', layer: 'conv1', firstStep: 0, steps: pretrainingSteps },
    { kind: 'supervised', layer: null, firstStep: pretrainingSteps, steps: 1000 },
  ]
  const counts = { trainingImages: 1, validationImages: 1, testImages: 1 }
  const workload = { ...counts, stepsPerEpoch, phases, pretrainingSteps, totalSteps: pretrainingSteps + 1000 }
  const profiler = new RunProfiler({ clock, workload, now: () => time, enabled })
  const due: ProfileArtifact[] = []
  const trainTo = (last: number, from = 0): void => {
    for (let step = from + 1; step <= last; step++) {
      profiler.beginStep(step - 1)
      measured(clock.profiler, 'data', () => (time += step))
      profiler.endStep()
      const profile = profiler.due(step)
      if (profile) due.push(profile)
    }
  }
  return { profiler, clock, due, trainTo, pass: (milliseconds: number) => void (time += milliseconds) }
}

const coverage = ({ step, profile: { firstStep, steps, parts } }: ProfileArtifact): number[] => [
  step,
  firstStep,
  steps,
  parts.data,
]

describe('the profiles of a run', () => {
  it('come after 20 steps without the first, then at the end of each epoch, over the steps since the one before', () => {
    const { due, trainTo, profiler } = setUp()
    trainTo(103)
    expect(due.map(coverage)).toEqual([
      [21, 2, 20, 11.5],
      [50, 22, 29, 36],
      [100, 51, 50, 75.5],
    ])
    expect(coverage(profiler.take(103)!)).toEqual([103, 101, 3, 102])
    expect(profiler.take(103)).toBeNull()
  })

  it('come at the end of the first epoch when that is shorter', () => {
    const { due, trainTo } = setUp({ stepsPerEpoch: 4 })
    trainTo(8)
    expect(due.map(coverage)).toEqual([
      [4, 2, 3, 3],
      [8, 5, 4, 6.5],
    ])
  })

  it('leave out the first step of a resumed process, and what it did not train', () => {
    const { due, trainTo, profiler } = setUp()
    expect(profiler.take(30)).toBeNull()
    trainTo(50, 30)
    expect(due.map(coverage)).toEqual([[50, 32, 19, 41]])
  })

  it('are of the supervised training only', () => {
    const { due, trainTo } = setUp({ stepsPerEpoch: 10, pretrainingSteps: 20 })
    trainTo(30)
    expect(due.map(coverage)).toEqual([[30, 22, 9, 26]])
  })

  it('keep evaluations and checkpoints out of the steps, and the model unmeasured meanwhile', async () => {
    const { profiler, clock, trainTo, pass } = setUp()
    trainTo(1)
    profiler.beginStep(1)
    const inStep = clock.profiler
    await profiler.aside('evaluation', async () => {
      expect(clock.profiler).toBeNull()
      pass(300)
    })
    expect(clock.profiler).toBe(inStep)
    profiler.endStep()
    profiler.endStep()
    await expect(profiler.aside('checkpoint', () => Promise.reject(new Error('disk full')))).rejects.toThrow(
      'disk full',
    )
    expect(clock.profiler).toBeNull()
    expect(profiler.take(2)!.profile).toMatchObject({ steps: 1, parts: { other: 0 }, evaluation: 300, checkpoint: 0 })
  })

  it('are not made when they are not wanted', async () => {
    const { due, trainTo, profiler, clock } = setUp({ enabled: false })
    trainTo(60)
    profiler.beginStep(60)
    expect(clock.profiler).toBeNull()
    expect(await profiler.aside('checkpoint', async () => 7)).toBe(7)
    expect([due, profiler.take(60)]).toEqual([[], null])
  })
})
