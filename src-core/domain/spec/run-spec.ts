import { z } from 'zod'
import { dataSpecSchema } from './data-spec.ts'
import { modelSpecSchema } from './model-spec.ts'
import { trainingSpecSchema } from './training-spec.ts'
import { upgradeSpec } from './upgrade.ts'

/** Raised whenever a stored spec needs a translation to be read. */
export const specVersion = 3

/** Everything that decides a run's numbers. Stored with the run, hashed, never changed afterwards. */
export const runSpecSchema = z.strictObject({
  version: z.literal(specVersion),
  recipe: z.string().min(1).max(100).describe('the recipe that the spec began as'),
  model: modelSpecSchema,
  data: dataSpecSchema,
  training: trainingSpecSchema,
})

/** For specs out of a file or a database: those that an earlier version wrote are translated first. */
export const storedRunSpecSchema = z.preprocess(upgradeSpec, runSpecSchema)

export type { DataSpec } from './data-spec.ts'
export type { TrainingSpec } from './training-spec.ts'
export type RunSpec = z.infer<typeof runSpecSchema>
