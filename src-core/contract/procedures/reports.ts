import { z } from 'zod'
import { reportFormats, reportRequestSchema } from '../../domain/report/report-request.ts'
import { nothing, type ProcedureGroup } from './shapes.ts'

/** Reports of chosen runs, made outside the window. */
export const reportProcedures = {
  /** The report as it would be saved: its style and what its page holds. */
  'reports.preview': {
    input: reportRequestSchema,
    output: z.strictObject({ style: z.string(), body: z.string() }),
  },
  'reports.markdown': { input: reportRequestSchema, output: z.string() },
  /** The user chooses the place; the answer is it, or null when cancelled. */
  'reports.save': {
    input: z.strictObject({ request: reportRequestSchema, format: z.enum(reportFormats) }),
    output: z.string().nullable(),
  },
  /** Shows the report that was saved last in the system's file manager. */
  'reports.reveal': { input: nothing, output: nothing },
} as const satisfies ProcedureGroup
