import { z } from 'zod'
import type { Workload } from '../workload.ts'
import type { Probe } from './probe.ts'

/** Times in milliseconds. */
export const measuredTimeSchema = z.strictObject({
  /** Of one step of the supervised training. */
  step: z.number().min(0),
  imagesPerSecond: z.number().min(0),
  /** Of one epoch of the supervised training with its validation. */
  epoch: z.number().min(0),
  /** Of the whole run if nothing stops it early: preparation, pre-training, every validation, the test. */
  run: z.number().min(0),
})
export type MeasuredTime = z.infer<typeof measuredTimeSchema>

/** A validation follows each epoch of the supervised training, and its last step. */
function validations({ phases, stepsPerEpoch }: Workload): number {
  return Math.ceil(phases.at(-1)!.steps / stepsPerEpoch)
}

/** How long a run with this work will take. */
export function measuredTime(probe: Probe, workload: Workload, batchSize: number): MeasuredTime {
  const { phases, stepsPerEpoch, validationImages, testImages } = workload
  const step = probe.stepTimes.at(-1)!
  const validation = validationImages * probe.evaluationTime
  const steps = phases.reduce((sum, phase, index) => sum + phase.steps * probe.stepTimes[index]!, 0)
  const evaluations = validations(workload) * validation + testImages * probe.evaluationTime
  return {
    step,
    imagesPerSecond: (batchSize * 1000) / Math.max(step, 1e-6),
    epoch: stepsPerEpoch * step + validation,
    run: probe.preparationTime + steps + evaluations,
  }
}
