import { z } from 'zod'
import { gridSchema } from '../../domain/grid/grid.ts'
import { nothing, type ProcedureGroup } from './shapes.ts'

/** Grids are made by `runs.createAll` and go with the last of their runs. */
export const gridProcedures = {
  /** Newest first. */
  'grids.list': { input: nothing, output: z.array(gridSchema) },
} as const satisfies ProcedureGroup
