import { z } from 'zod'
import { layoutSchema, savedViewSchema } from '../../domain/layout.ts'
import { nothing, type ProcedureGroup } from './shapes.ts'

/** How the window is arranged, kept in the workspace. */
export const layoutProcedures = {
  'layout.get': { input: nothing, output: layoutSchema },
  /** Replaces the given sections and leaves the others. */
  'layout.update': { input: layoutSchema, output: nothing },
  /** By name. */
  'views.list': { input: nothing, output: z.array(savedViewSchema) },
  /** Records a view, in the place of the one of that section with the same name. */
  'views.save': { input: savedViewSchema.omit({ id: true }), output: savedViewSchema },
  'views.delete': { input: z.strictObject({ viewId: z.int() }), output: nothing },
} as const satisfies ProcedureGroup
