import { z } from 'zod'
import { artifactHeaderSchema } from '../domain/evaluation/artifact.ts'
import { runIdSchema } from '../domain/ids.ts'
import { stepRecordSchema } from '../domain/metrics.ts'
import { exportRecordSchema } from '../domain/model-export.ts'
import { runSchema } from '../domain/run.ts'
import { settingsSchema } from '../domain/settings.ts'

/** What main tells the window unasked. An event announces a state that is already recorded and never steers. */
export const events = {
  /** A run was created or any of its fields changed; carries the whole run. At most a few per second per run. */
  'run.changed': z.strictObject({ run: runSchema }),
  'run.purged': z.strictObject({ runId: runIdSchema }),
  /** New step records of an active run, in order, each exactly once. */
  'metrics.appended': z.strictObject({ runId: runIdSchema, records: z.array(stepRecordSchema) }),
  /** History past this step was superseded (a resume after a crash): fetch again. */
  'metrics.rewound': z.strictObject({ runId: runIdSchema, toStep: z.int() }),
  /** Something that a run leaves beside its metrics was recorded, such as a confusion matrix or its first kernels. */
  'artifact.recorded': z.strictObject({ runId: runIdSchema, artifact: artifactHeaderSchema }),
  'export.progress': z.strictObject({ runId: runIdSchema, stage: z.string() }),
  'export.created': z.strictObject({ record: exportRecordSchema }),
  'settings.changed': z.strictObject({ settings: settingsSchema }),
  /** A message for the status line; errors stay until read. */
  notice: z.strictObject({ level: z.enum(['info', 'warning', 'error']), message: z.string() }),
  /** A menu item or accelerator asks the window to do something. */
  command: z.strictObject({
    command: z.enum([
      'new-run',
      'show-runs',
      'show-compare',
      'show-exports',
      'show-settings',
      'show-shortcuts',
      'toggle-rail',
    ]),
  }),
} as const satisfies Record<string, z.ZodType>

export type EventName = keyof typeof events
export type EventPayload<Name extends EventName> = z.output<(typeof events)[Name]>
