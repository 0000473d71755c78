import { z } from 'zod'
import { drawnSeriesSchema } from '../../domain/statistics/drawn-series.ts'
import { runIdSchema } from '../../domain/ids.ts'
import { metricNameSchema, metricValueSchema } from '../../domain/metrics.ts'
import { drawnReferencesSchema } from '../../domain/references/drawn-references.ts'
import { smoothingSchema } from '../../domain/statistics/series-smoothing.ts'
import { oneRun, type ProcedureGroup } from './shapes.ts'

const runIds = z.array(runIdSchema).min(1).max(1000)
const metrics = z.array(metricNameSchema).min(1).max(50)

/** The logged values of runs. Histories are read by a thread of their own. */
export const metricProcedures = {
  'metrics.names': { input: oneRun, output: z.array(metricNameSchema) },
  /** Series for drawing: at most `maxPoints` buckets each, extremes never lost, smoothed over every logged value. */
  'metrics.history': {
    input: z.strictObject({
      runIds,
      metrics,
      fromStep: z.int().min(0).nullable(),
      toStep: z.int().min(0).nullable(),
      maxPoints: z.int().min(2).max(20_000),
      smoothing: smoothingSchema,
    }),
    output: z.array(drawnSeriesSchema),
  },
  /** The newest value of every metric at or before a step, run by run in the order asked for. */
  'metrics.at': {
    input: z.strictObject({ runIds, step: z.int().min(0) }),
    output: z.array(z.record(metricNameSchema, z.strictObject({ step: z.int(), value: metricValueSchema }))),
  },
  /**
   * Writes every logged value, and every value of reference curves, into a CSV file that the user chooses; answers its
   * place, null when cancelled.
   */
  'metrics.saveCsv': {
    input: z.strictObject({
      runIds: z.array(runIdSchema).max(1000),
      metrics: z.array(metricNameSchema).max(50),
      references: drawnReferencesSchema,
      suggestedName: z.string().min(1).max(200),
    }),
    output: z.string().nullable(),
  },
} as const satisfies ProcedureGroup
