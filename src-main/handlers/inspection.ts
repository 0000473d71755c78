import type { Handlers } from '../../src-core/contract/procedures/index.ts'
import type { Inspections } from '../../src-core/runs/jobs/inspections.ts'

type InspectionHandlers = Pick<Handlers, Extract<keyof Handlers, `inspection.${string}`>>

export function inspectionHandlers(inspections: Inspections): InspectionHandlers {
  return {
    'inspection.ask': async ({ asker, runId, step, question }) => {
      const { step: inspected, ...answer } = await inspections.ask(asker, runId, step, question)
      return { step: inspected, answer }
    },
    'inspection.cancel': ({ asker }) => {
      inspections.cancel(asker)
      return undefined
    },
    'inspection.predictions': ({ asker, runId, step, part }) => inspections.predictions(asker, runId, step, part),
    'inspection.images': ({ asker, dataset, part, indices }) => inspections.images(asker, dataset, part, indices),
  }
}
