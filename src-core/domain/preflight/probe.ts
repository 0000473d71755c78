import { z } from 'zod'
import { environmentSchema } from '../environment.ts'

/** Steps that are timed in each phase of a run, after one that warms up. */
export const probeSteps = 3

/** What some steps of a run measured in a process of their own. */
export const probeSchema = z.strictObject({
  /** Median milliseconds of a step of each phase, in the order of the workload's phases. */
  stepTimes: z.array(z.number().min(0)).min(1),
  /** Milliseconds to evaluate one image. */
  evaluationTime: z.number().min(0),
  /** Milliseconds until the first step: the data set is opened, the network built. */
  preparationTime: z.number().min(0),
  /** The most memory that the process had at once, in bytes. */
  peakMemory: z.number().min(0),
  device: environmentSchema.shape.device,
  threads: environmentSchema.shape.threads,
})
export type Probe = z.infer<typeof probeSchema>
