import { z } from 'zod'
import {
  referenceCurvesSchema,
  referenceLimits,
  referenceNameSchema,
} from '../../domain/references/reference-curves.ts'
import { nothing, type ProcedureGroup } from './shapes.ts'

/** Curves from CSV files that are drawn beside the runs. */
export const referenceProcedures = {
  /** By name. */
  'references.list': { input: nothing, output: z.array(referenceCurvesSchema) },
  /**
   * Records the curves of a CSV file: one that the user chooses in a dialog, or the text of one that was dropped in the
   * window. Answers them; null when the dialog was cancelled. A file that cannot be read is `invalid-value` with a
   * message that names the line and the column.
   */
  'references.import': {
    input: z.discriminatedUnion('from', [
      z.strictObject({ from: z.literal('dialog') }),
      z.strictObject({
        from: z.literal('text'),
        name: referenceNameSchema,
        text: z.string().max(referenceLimits.characters + 1),
      }),
    ]),
    output: referenceCurvesSchema.nullable(),
  },
  /** Gives the curves of a file another name; `invalid-value` when they are not there. */
  'references.rename': { input: z.strictObject({ referenceId: z.int(), name: referenceNameSchema }), output: nothing },
  'references.delete': { input: z.strictObject({ referenceId: z.int() }), output: nothing },
} as const satisfies ProcedureGroup
