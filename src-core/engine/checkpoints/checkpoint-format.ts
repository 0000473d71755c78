import { z } from 'zod'
import { bestMetricSchema, stepRecordSchema } from '../../domain/metrics.ts'
import { runSpecSchema } from '../../domain/spec/run-spec.ts'
import { tensorEntrySchema } from '../files/tensor-file.ts'

/** The files of a checkpoint. The manifest lists the others with their sizes and SHA-256. */
export const checkpointFiles = {
  weights: 'weights.bin',
  optimizer: 'optimizer.bin',
  state: 'state.json',
  manifest: 'manifest.json',
} as const

export const checkpointVersion = 1

export const checkpointManifestSchema = z.strictObject({
  format: z.literal('ablate-checkpoint'),
  version: z.literal(checkpointVersion),
  files: z.array(z.strictObject({ name: z.string(), bytes: z.int(), sha256: z.string().length(64) })),
})
export type CheckpointManifest = z.infer<typeof checkpointManifestSchema>

/** Where a run stands between two steps. Randomness has no state: it is a function of seed and step. */
const trainingProgressSchema = z.strictObject({
  step: z.int().min(0),
  epoch: z.number().min(0),
  activeTime: z.number().min(0),
  best: bestMetricSchema.nullable(),
  /** The record of the last step while the evaluation that completes it is still to be done. */
  pendingRecord: stepRecordSchema.nullable(),
})
export type TrainingProgress = z.infer<typeof trainingProgressSchema>

export const checkpointStateSchema = z.strictObject({
  version: z.literal(checkpointVersion),
  spec: runSpecSchema,
  progress: trainingProgressSchema,
  /** Places in weights.bin and, for the momentum's velocities, in optimizer.bin. */
  weights: z.array(tensorEntrySchema),
  velocities: z.array(tensorEntrySchema),
})
export type CheckpointState = z.infer<typeof checkpointStateSchema>
