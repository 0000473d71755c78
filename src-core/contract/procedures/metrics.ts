import { z } from 'zod'
import { runIdSchema } from '../../domain/ids.ts'
import { metricNameSchema, seriesSchema } from '../../domain/metrics.ts'
import { oneRun, type ProcedureGroup } from './shapes.ts'

/** The logged values of runs. */
export const metricProcedures = {
  'metrics.names': { input: oneRun, output: z.array(metricNameSchema) },
  /** Series for drawing: at most `maxPoints` buckets each, extremes never lost. */
  'metrics.history': {
    input: z.strictObject({
      runIds: z.array(runIdSchema).min(1).max(200),
      metrics: z.array(metricNameSchema).min(1).max(50),
      fromStep: z.int().min(0).nullable(),
      toStep: z.int().min(0).nullable(),
      maxPoints: z.int().min(2).max(20_000),
    }),
    output: z.array(seriesSchema),
  },
} as const satisfies ProcedureGroup
