import { z } from 'zod'
import { bestMetricSchema } from './metrics.ts'

const checkpointReasons = ['pause', 'stop', 'epoch', 'interval', 'finished'] as const

/** How many of a run's newest checkpoints are kept, beside the best one. */
export const keptGenerations = 2

/** A checkpoint that lies whole on the disk: a directory of files and a manifest with their sizes and SHA-256. */
export const checkpointInfoSchema = z.strictObject({
  /** Folder name below the run's checkpoint folder, such as `step-000000120`. */
  directory: z.string().regex(/^step-\d{9,}$/),
  step: z.int().min(0),
  epoch: z.number().min(0),
  bytes: z.int().min(0),
  /** SHA-256 of manifest.json, which holds those of all other files. */
  manifestSha256: z.string().length(64),
  reason: z.enum(checkpointReasons),
  /** Best validation result so far, carried so that a resumed run does not forget it. */
  best: bestMetricSchema.nullable(),
  /** Milliseconds of training so far; pauses do not count. */
  activeTime: z.number().min(0),
})
export type CheckpointInfo = z.infer<typeof checkpointInfoSchema>

/** A checkpoint as the record lists it. */
export const checkpointRecordSchema = checkpointInfoSchema.extend({
  createdAt: z.number(),
  /** best: of the run's selection metric; last-finite: the newest before the run diverged. Marked ones are kept. */
  mark: z.enum(['best', 'last-finite']).nullable(),
})
export type CheckpointRecord = z.infer<typeof checkpointRecordSchema>
