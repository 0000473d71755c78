import { z } from 'zod'
import { bestMetricSchema, stepRecordSchema } from '../../domain/metrics.ts'
import { validationHistorySchema } from '../../domain/schedule/validation-history.ts'
import { storedRunSpecSchema } from '../../domain/spec/run-spec.ts'
import { tensorEntrySchema } from '../files/tensor-file.ts'

/** The files of a checkpoint. The manifest lists the others with their sizes and SHA-256. */
export const checkpointFiles = {
  weights: 'weights.bin',
  optimizer: 'optimizer.bin',
  state: 'state.json',
  manifest: 'manifest.json',
} as const

/** Version 1 knew the velocities of momentum only, under the names of their weights. */
export const checkpointVersion = 2

export const checkpointManifestSchema = z.strictObject({
  format: z.literal('ablate-checkpoint'),
  version: z.union([z.literal(1), z.literal(checkpointVersion)]),
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
  /** All results on the validation images: plateau and early stopping are functions of them. */
  history: validationHistorySchema,
})
export type TrainingProgress = z.infer<typeof trainingProgressSchema>

const currentStateSchema = z.strictObject({
  version: z.literal(checkpointVersion),
  spec: storedRunSpecSchema,
  progress: trainingProgressSchema,
  /** Places in weights.bin. */
  weights: z.array(tensorEntrySchema),
  /** Places in optimizer.bin: what the present phase's optimizer keeps, such as `conv1/kernel/velocity`. */
  slots: z.array(tensorEntrySchema),
})
export type CheckpointState = z.infer<typeof currentStateSchema>

const firstStateSchema = z
  .strictObject({
    version: z.literal(1),
    spec: storedRunSpecSchema,
    progress: trainingProgressSchema.omit({ history: true }),
    weights: z.array(tensorEntrySchema),
    velocities: z.array(tensorEntrySchema),
  })
  .transform(({ spec, progress, weights, velocities }): CheckpointState => ({
    version: checkpointVersion,
    spec,
    // No schedule, early stopping or selection of that version asked for more than the best result.
    progress: { ...progress, history: [] },
    weights,
    slots: velocities.map((entry) => ({ ...entry, name: `${entry.name}/velocity` })),
  }))

/** Also reads the states that version 1 wrote, as states of the present version. */
export const checkpointStateSchema = z.union([currentStateSchema, firstStateSchema])
