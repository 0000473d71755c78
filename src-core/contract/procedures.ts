import { z } from 'zod'
import { datasetInfoSchema } from '../domain/dataset.ts'
import { checkpointRecordSchema } from '../domain/checkpoint.ts'
import { environmentSchema } from '../domain/environment.ts'
import { artifactHeaderSchema, artifactSchema, augmentationPreviewSchema } from '../domain/evaluation/artifact.ts'
import { runIdSchema } from '../domain/ids.ts'
import { metricNameSchema, seriesSchema } from '../domain/metrics.ts'
import { exportFormatSchema, exportRecordSchema } from '../domain/model-export.ts'
import { preflightSchema } from '../domain/preflight/preflight.ts'
import { runNameSchema, runSchema } from '../domain/run.ts'
import { runSpecSchema } from '../domain/spec/run-spec.ts'
import { settingsSchema } from '../domain/settings.ts'

const nothing = z.undefined()
const oneRun = z.strictObject({ runId: runIdSchema })

export const applicationInfoSchema = z.strictObject({
  version: z.string(),
  electron: z.string(),
  chromium: z.string(),
  node: z.string(),
  workspace: z.string(),
  /** The processor and memory of this machine; TensorFlow's own facts come with the first run. */
  machine: z.strictObject({ cpu: z.string(), threads: z.int(), memoryMib: z.number(), platform: z.string() }),
  environment: environmentSchema.nullable(),
  /** False when the operating system's sandbox is off, which happens only when started as root. */
  sandboxed: z.boolean(),
})
export type ApplicationInfo = z.infer<typeof applicationInfoSchema>

export const runEventSchema = z.strictObject({
  at: z.number(),
  step: z.int(),
  kind: z.enum(['state', 'checkpoint', 'export', 'note', 'error']),
  message: z.string(),
})
export type RunEvent = z.infer<typeof runEventSchema>

export const workspaceUsageSchema = z.strictObject({
  databaseBytes: z.number(),
  checkpointBytes: z.number(),
  datasetBytes: z.number(),
  exportBytes: z.number(),
})

/** Everything that the window can ask of main, with what goes in and what comes out. Names are the channel names. */
export const procedures = {
  'app.info': { input: nothing, output: applicationInfoSchema },
  'app.usage': { input: nothing, output: workspaceUsageSchema },
  'app.openWorkspaceFolder': { input: nothing, output: nothing },
  'settings.get': { input: nothing, output: settingsSchema },
  'settings.update': { input: settingsSchema.partial(), output: settingsSchema },
  'datasets.list': { input: nothing, output: z.array(datasetInfoSchema) },

  'runs.list': { input: z.strictObject({ deleted: z.boolean() }), output: z.array(runSchema) },
  'runs.get': { input: oneRun, output: runSchema },
  /** Records a new run; `start` puts it at the end of the queue, otherwise it waits as paused at step 0. */
  'runs.create': {
    input: z.strictObject({ name: runNameSchema, spec: runSpecSchema, start: z.boolean() }),
    output: runSchema,
  },
  /** Records several runs at once, all or none: the runs of an ablation. */
  'runs.createAll': {
    input: z.strictObject({
      runs: z
        .array(z.strictObject({ name: runNameSchema, spec: runSpecSchema }))
        .min(1)
        .max(500),
      start: z.boolean(),
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
  /** Draws what augmentation makes of some training images; starts a trainer for it, so it takes a second or two. */
  'preview.augmentation': { input: z.strictObject({ spec: runSpecSchema }), output: augmentationPreviewSchema },
  /** Ends the preview that is being drawn; answers when its process is gone. */
  'preview.cancel': { input: nothing, output: nothing },
  /** Takes some steps of a run in a process of its own to tell what it will cost and whether it fits. */
  'preflight.measure': { input: z.strictObject({ spec: runSpecSchema }), output: preflightSchema },
  /** Ends the preflight that is under way; answers when its process is gone. */
  'preflight.cancel': { input: nothing, output: nothing },
  /** Lets the user choose a safetensors file or a model.json to start from; null when cancelled. */
  'transfer.chooseFile': { input: nothing, output: z.string().nullable() },

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

  'exports.list': { input: nothing, output: z.array(exportRecordSchema) },
  /** Exports the newest checkpoint; answers when the files were loaded back and compared. */
  'exports.create': {
    input: z.strictObject({ runId: runIdSchema, format: exportFormatSchema }),
    output: exportRecordSchema,
  },
  'exports.reveal': { input: z.strictObject({ exportId: z.int() }), output: nothing },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>

export type ProcedureName = keyof typeof procedures
export type ProcedureInput<Name extends ProcedureName> = z.input<(typeof procedures)[Name]['input']>
export type ParsedInput<Name extends ProcedureName> = z.output<(typeof procedures)[Name]['input']>
export type ProcedureOutput<Name extends ProcedureName> = z.output<(typeof procedures)[Name]['output']>

/** One handler per procedure; a forgotten or surplus one does not compile. */
export type Handlers = {
  [Name in ProcedureName]: (input: ParsedInput<Name>) => ProcedureOutput<Name> | Promise<ProcedureOutput<Name>>
}
