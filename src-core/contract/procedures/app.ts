import { z } from 'zod'
import { datasetInfoSchema } from '../../domain/dataset.ts'
import { environmentSchema } from '../../domain/environment.ts'
import { settingsSchema } from '../../domain/settings.ts'
import { nothing, type ProcedureGroup } from './shapes.ts'

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

export const workspaceUsageSchema = z.strictObject({
  databaseBytes: z.number(),
  checkpointBytes: z.number(),
  datasetBytes: z.number(),
  exportBytes: z.number(),
})

/** The application, its workspace and what the user prefers. */
export const appProcedures = {
  'app.info': { input: nothing, output: applicationInfoSchema },
  'app.usage': { input: nothing, output: workspaceUsageSchema },
  'app.openWorkspaceFolder': { input: nothing, output: nothing },
  'settings.get': { input: nothing, output: settingsSchema },
  'settings.update': { input: settingsSchema.partial(), output: settingsSchema },
  'datasets.list': { input: nothing, output: z.array(datasetInfoSchema) },
} as const satisfies ProcedureGroup
