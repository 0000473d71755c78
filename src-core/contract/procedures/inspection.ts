import { z } from 'zod'
import { picturesSchema } from '../../domain/evaluation/artifact.ts'
import { runIdSchema } from '../../domain/ids.ts'
import { answerSchema, predictionsSchema } from '../../domain/inspection/answers.ts'
import { inspectedPartSchema, questionSchema } from '../../domain/inspection/questions.ts'
import { nothing, type ProcedureGroup } from './shapes.ts'

/** Who asks, so that it can give up its own questions: a name of its own for each panel. */
const asker = z.string().min(1).max(60)

/** Questions about trained networks, answered one after the other by a process of their own. */
export const inspectionProcedures = {
  /** Asks the newest checkpoint of a run at or before a step, or the newest of all. `step` is that of the checkpoint. */
  'inspection.ask': {
    input: z.strictObject({ asker, runId: runIdSchema, step: z.int().min(0).nullable(), question: questionSchema }),
    output: z.strictObject({ step: z.int(), answer: answerSchema }),
  },
  /** Gives up the questions of one asker, which fail as `cancelled`; those of others go on. */
  'inspection.cancel': { input: z.strictObject({ asker }), output: nothing },
  /** The question `predictions`, whose last answers are kept: asking twice costs once. */
  'inspection.predictions': {
    input: z.strictObject({ asker, runId: runIdSchema, step: z.int().min(0).nullable(), part: inspectedPartSchema }),
    output: predictionsSchema.extend({ step: z.int() }),
  },
  /** Images of a data set by their places. */
  'inspection.images': {
    input: z.strictObject({
      asker,
      dataset: z.string().min(1).max(100),
      part: z.enum(['train', 'test']),
      indices: z.array(z.int().min(0)).min(1).max(64),
    }),
    output: picturesSchema,
  },
} as const satisfies ProcedureGroup
