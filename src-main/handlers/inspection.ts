import type { Handlers } from '../../src-core/contract/procedures/index.ts'
import type { Inspections } from '../../src-core/runs/jobs/inspections.ts'

type InspectionHandlers = Pick<Handlers, Extract<keyof Handlers, `inspection.${string}`>>

export function inspectionHandlers(inspections: Inspections): InspectionHandlers {
  return {
    'inspection.ask': async ({ runId, step, question }) => {
      const { step: inspected, ...answer } = await inspections.ask(runId, step, question)
      return { step: inspected, answer }
    },
    'inspection.cancel': () => {
      inspections.cancel()
      return undefined
    },
    'inspection.predictions': ({ runId, step, part }) => inspections.predictions(runId, step, part),
    'inspection.images': ({ dataset, part, indices }) => inspections.images(dataset, part, indices),
  }
}
