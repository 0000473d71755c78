import type { z } from 'zod'
import { appProcedures } from './app.ts'
import { fileProcedures } from './files.ts'
import { exportProcedures } from './exports.ts'
import { inspectionProcedures } from './inspection.ts'
import { gridProcedures } from './grids.ts'
import { layoutProcedures } from './layout.ts'
import { metricProcedures } from './metrics.ts'
import { referenceProcedures } from './references.ts'
import { reportProcedures } from './reports.ts'
import { runProcedures } from './runs.ts'
import { setupProcedures } from './setup.ts'
import type { ProcedureGroup } from './shapes.ts'

export type { ApplicationInfo } from './app.ts'
export type { RunEvent } from './runs.ts'

/** Everything that the window can ask of main, with what goes in and what comes out. Names are the channel names. */
export const procedures = {
  ...appProcedures,
  ...runProcedures,
  ...setupProcedures,
  ...metricProcedures,
  ...referenceProcedures,
  ...exportProcedures,
  ...layoutProcedures,
  ...gridProcedures,
  ...fileProcedures,
  ...inspectionProcedures,
  ...reportProcedures,
} as const satisfies ProcedureGroup

export type ProcedureName = keyof typeof procedures
export type ProcedureInput<Name extends ProcedureName> = z.input<(typeof procedures)[Name]['input']>
export type ParsedInput<Name extends ProcedureName> = z.output<(typeof procedures)[Name]['input']>
export type ProcedureOutput<Name extends ProcedureName> = z.output<(typeof procedures)[Name]['output']>

/** One handler per procedure; a forgotten or surplus one does not compile. */
export type Handlers = {
  [Name in ProcedureName]: (input: ParsedInput<Name>) => ProcedureOutput<Name> | Promise<ProcedureOutput<Name>>
}
