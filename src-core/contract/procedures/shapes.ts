import { z } from 'zod'
import { runIdSchema } from '../../domain/ids.ts'

/** What every group of procedures has: its names with what goes in and what comes out. */
export type ProcedureGroup = Record<string, { readonly input: z.ZodType; readonly output: z.ZodType }>

export const nothing = z.undefined()
export const oneRun = z.strictObject({ runId: runIdSchema })
