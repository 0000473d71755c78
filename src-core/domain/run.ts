import { z } from 'zod'
import { environmentSchema } from './environment.ts'
import { wireErrorSchema } from './errors.ts'
import { runIdSchema } from './ids.ts'
import { bestMetricSchema, metricSummarySchema, metricValueSchema } from './metrics.ts'
import { runStateSchema } from './run-status.ts'
import { runSpecSchema } from './spec/run-spec.ts'

/** Any text a person might type, kept verbatim and shown as text; only emptiness and length are refused. */
export const runNameSchema = z
  .string()
  .trim()
  .min(1, 'a name needs at least one character')
  .max(200, 'a name has at most 200 characters')

/** A word by which runs are found, such as `baseline`. */
export const tagSchema = z
  .string()
  .trim()
  .min(1, 'a tag needs at least one character')
  .max(50, 'a tag has at most 50 characters')
  .regex(/^[^\s,"]+$/, 'a tag is one word, without commas or quotes')
/** How many tags a run may have. */
export const mostTags = 30
export const tagsSchema = z.array(tagSchema).max(mostTags)

/** What was written about a run, in Markdown. */
export const notesSchema = z.string().max(20_000, 'notes have at most 20,000 characters')

/** One experiment as the record holds it. Times are milliseconds since 1970, durations milliseconds. */
export const runSchema = z.strictObject({
  id: runIdSchema,
  name: runNameSchema,
  state: runStateSchema,
  spec: runSpecSchema,
  /** SHA-256 of the spec's canonical JSON: equal specs have equal hashes. */
  specHash: z.string(),
  /** Index into the run colours, stable for the life of the run. */
  color: z.int().min(0),
  parameters: z.int(),
  /** Finished optimizer steps and the number at which the run ends; the total is known once the data is open. */
  step: z.int().min(0),
  totalSteps: z.int().nullable(),
  stepsPerEpoch: z.int().nullable(),
  epoch: z.number().min(0),
  /** Milliseconds of training; pauses do not count. */
  activeTime: z.number().min(0),
  imagesPerSecond: z.number().nullable(),
  best: bestMetricSchema.nullable(),
  /** The latest value of every metric. */
  last: z.record(z.string(), metricValueSchema),
  /** All values of every metric summed up. */
  metrics: z.record(z.string(), metricSummarySchema),
  /** In alphabetical order. */
  tags: tagsSchema,
  notes: notesSchema,
  error: wireErrorSchema.nullable(),
  /** Place in the queue, 0 is next; null when not queued. */
  queuePosition: z.int().min(0).nullable(),
  /** Step of the newest checkpoint, null when there is none. */
  checkpointStep: z.int().nullable(),
  environment: environmentSchema.nullable(),
  /** SHA-256 over the float32 little-endian bytes of all weights in name order after the last step. */
  weightsSha256: z.string().nullable(),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  deletedAt: z.number().nullable(),
})
export type Run = z.infer<typeof runSchema>

/** Milliseconds that the run still needs at its present rate; null when that cannot be told. */
export function remainingTime(run: Run): number | null {
  if (run.totalSteps === null || !run.imagesPerSecond) return null
  const images = (run.totalSteps - run.step) * run.spec.training.batchSize
  return (images / run.imagesPerSecond) * 1000
}
