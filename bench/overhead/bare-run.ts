import { prepareRun } from '../../src-core/engine/training/prepare-run.ts'
import { meanStepTime, overheadSpec, type StepTime } from './task.ts'

/** The steps of a run and nothing beside them: no profile, no record, no checkpoint. */
const prepared = await prepareRun({
  spec: overheadSpec(),
  datasetDirectory: null,
  resumeFrom: null,
  startFrom: null,
  reporter: { preparing() {} },
  now: () => performance.now(),
  profile: false,
})
const times: StepTime[] = []
while (times.length < prepared.batches.workload.totalSteps) {
  await prepared.run.nextStep()
  times.push({ step: times.length + 1, wallTime: performance.now() })
}
process.stdout.write(`${JSON.stringify({ millisecondsPerStep: meanStepTime(times) })}\n`)
process.exit(0)
