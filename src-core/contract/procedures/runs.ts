import { z } from 'zod'
import { checkpointRecordSchema } from '../../domain/checkpoint.ts'
import { artifactHeaderSchema, artifactSchema, recordedFiltersSchema } from '../../domain/evaluation/artifact.ts'
import { newGridSchema } from '../../domain/grid/grid.ts'
import { runIdSchema } from '../../domain/ids.ts'
import { notesSchema, runNameSchema, runSchema, tagSchema } from '../../domain/run.ts'
import { packedRunListSchema } from '../../domain/run-list/run-list.ts'
import { runSpecSchema } from '../../domain/spec/run-spec.ts'
import { nothing, oneRun, type ProcedureGroup } from './shapes.ts'

export const runEventSchema = z.strictObject({
  at: z.number(),
  step: z.int(),
  kind: z.enum(['state', 'checkpoint', 'export', 'note', 'error']),
  message: z.string(),
})
export type RunEvent = z.infer<typeof runEventSchema>

/** Runs and what they leave beside their metrics. */
export const runProcedures = {
  /** Every run, those in the trash included, newest first, as columns. */
  'runs.columns': { input: nothing, output: packedRunListSchema },
  'runs.list': { input: z.strictObject({ deleted: z.boolean() }), output: z.array(runSchema) },
  /** Adds and removes tags of many runs, all or none. No event follows: the caller knows what came of it. */
  'runs.setTags': {
    input: z.strictObject({
      runIds: z.array(runIdSchema).min(1).max(1000),
      add: z.array(tagSchema).max(50),
      remove: z.array(tagSchema).max(50),
    }),
    output: nothing,
  },
  /** Replaces the notes of runs, all or none. No event follows. */
  'runs.setNotes': {
    input: z.strictObject({ runIds: z.array(runIdSchema).min(1).max(1000), notes: notesSchema }),
    output: nothing,
  },
  'runs.get': { input: oneRun, output: runSchema },
  /** Records a new run; `start` puts it at the end of the queue, otherwise it waits as paused at step 0. */
  'runs.create': {
    input: z.strictObject({ name: runNameSchema, spec: runSpecSchema, start: z.boolean() }),
    output: runSchema,
  },
  /** Records several runs at once, all or none; with `grid` as a grid, of which it names the cell of each run. */
  'runs.createAll': {
    input: z.strictObject({
      runs: z
        .array(z.strictObject({ name: runNameSchema, spec: runSpecSchema }))
        .min(1)
        .max(500),
      start: z.boolean(),
      grid: newGridSchema.nullable().default(null),
    }),
    output: z.array(runSchema),
  },
  /** Answers once a checkpoint is durable and the run is paused; a queued run is simply taken out of the queue. */
  'runs.pause': { input: oneRun, output: runSchema },
  /** Puts a paused, stopped, failed or interrupted run at the end of the queue. */
  'runs.resume': { input: oneRun, output: runSchema },
  'runs.stop': { input: oneRun, output: runSchema },
  'runs.rename': { input: z.strictObject({ runId: runIdSchema, name: runNameSchema }), output: runSchema },
  'runs.recolor': { input: z.strictObject({ runId: runIdSchema, color: z.int().min(0).max(63) }), output: runSchema },
  /** Moves to the trash: nothing is lost until `runs.purge`. An active run is refused as `run-busy`. */
  'runs.delete': { input: oneRun, output: runSchema },
  'runs.restore': { input: oneRun, output: runSchema },
  /** Deletes a trashed run, its history and its checkpoints for good. Exports stay on the disk. */
  'runs.purge': { input: oneRun, output: nothing },
  /** Moves a queued run to a place in the queue; 0 is next. */
  'runs.reorder': {
    input: z.strictObject({ runId: runIdSchema, position: z.int().min(0) }),
    output: z.array(runSchema),
  },
  'runs.events': { input: oneRun, output: z.array(runEventSchema) },

  /** Newest first. */
  'checkpoints.list': { input: oneRun, output: z.array(checkpointRecordSchema) },
  /** In the order of their steps. */
  'artifacts.list': { input: oneRun, output: z.array(artifactHeaderSchema) },
  'artifacts.get': { input: z.strictObject({ artifactId: z.int() }), output: artifactSchema },
  /** The first kernels that a run kept, in the order of their steps; those after the newest `id` that is known, 0 for all. */
  'artifacts.filters': {
    input: z.strictObject({ runId: runIdSchema, after: z.int().min(0) }),
    output: z.array(recordedFiltersSchema),
  },
} as const satisfies ProcedureGroup
