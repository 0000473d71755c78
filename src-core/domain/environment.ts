import { z } from 'zod'

/** What decides a run's numbers beside its spec: recorded with every run. */
export const environmentSchema = z.strictObject({
  ablate: z.string(),
  tensorflow: z.string(),
  tfjs: z.string(),
  runtime: z.string(),
  device: z.enum(['cpu', 'gpu']),
  deviceName: z.string(),
  threads: z.int().min(1),
  cpu: z.string(),
  cpuFlags: z.array(z.string()),
  /** The libraries and methods that compute convolutions; unknown of runs before version 0.3. */
  kernels: z.string().optional(),
  platform: z.string(),
  totalMemoryMib: z.number(),
})
export type Environment = z.infer<typeof environmentSchema>

/**
 * Environment variable with the file of the threads that make batches, for a trainer that is bundled: there the
 * sources do not lie beside each other.
 */
export const batchWorkerVariable = 'ABLATE_BATCH_WORKER'
