import { z } from 'zod'
import { runIdSchema } from '../../domain/ids.ts'
import { exportFormatSchema, exportRecordSchema } from '../../domain/model-export.ts'
import { nothing, type ProcedureGroup } from './shapes.ts'

/** Models that were exported. */
export const exportProcedures = {
  'exports.list': { input: nothing, output: z.array(exportRecordSchema) },
  /** Exports the newest checkpoint; answers when the files were loaded back and compared. */
  'exports.create': {
    input: z.strictObject({ runId: runIdSchema, format: exportFormatSchema }),
    output: exportRecordSchema,
  },
  'exports.reveal': { input: z.strictObject({ exportId: z.int() }), output: nothing },
} as const satisfies ProcedureGroup
