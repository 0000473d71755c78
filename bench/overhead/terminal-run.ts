import { RunService } from '../../src-core/runs/run-service.ts'
import { openWorkspace } from '../../src-core/storage/workspace.ts'
import { startNodeTrainer } from '../../src-cli/node-trainer.ts'
import { meanStepTime, overheadSpec, type StepTime } from './task.ts'

/** The same run as `ablate train` makes it: recorded point by point, profiled, with checkpoints. */
const workspace = openWorkspace(process.argv[2]!, { application: 'the benchmark' })
const times: StepTime[] = []
const service = new RunService({
  workspace,
  startTrainer: startNodeTrainer,
  listeners: { metricsAppended: (_, records) => void times.push(...records) },
})
service.recover()
const { id } = service.create({ name: 'Overhead', spec: overheadSpec(), start: true })
service.startQueue()
const { state } = await service.settled(id)
await service.close()
workspace.close()
if (state !== 'finished') throw new Error(`The run is ${state} instead of finished.`)
process.stdout.write(`${JSON.stringify({ millisecondsPerStep: meanStepTime(times) })}\n`)
