import { Option, type Command } from 'commander'
import { fromWireError, WorkbenchError } from '../../src-core/domain/errors.ts'
import type { Run } from '../../src-core/domain/run.ts'
import type { RunService } from '../../src-core/runs/run-service.ts'
import { addSetOption, defaultName, specFromOptions, type SpecOptions } from '../spec-options.ts'
import { canResume } from '../../src-core/domain/run-status.ts'
import { printLine } from '../terminal/output.ts'
import { followRun, TrainStream } from '../train-stream.ts'
import { addJsonOption, addWorkspaceOption, ownWorkspace, resumeCommand, type WorkspaceOptions } from '../workspace.ts'

interface TrainOptions extends SpecOptions, Omit<WorkspaceOptions, 'threads'> {
  readonly name?: string
  readonly threads?: string
}

const addRecordOptions = (command: Command): Command => addJsonOption(addWorkspaceOption(command))

export function addTrainCommands(program: Command): void {
  const train = program
    .command('train <recipe>')
    .description('Starts a run and follows it. Ctrl+C pauses it durably; `ablate resume` goes on.')
    .option('--dataset <id>', 'data set', 'mnist')
    .option('--epochs <count>', 'passes over the training images')
    .addOption(new Option('--steps <count>', 'optimizer steps instead of epochs').conflicts('epochs'))
    .option('--seed <number>', 'decides every random number of the run')
    .option('--name <name>', 'name of the run')
    .option('--threads <count>', "TensorFlow's threads, also after a pause; another count gives other last digits")
  addRecordOptions(addSetOption(train)).action(async (recipe: string, options: TrainOptions) => {
    const spec = specFromOptions(recipe, options)
    const name = options.name ?? defaultName(spec)
    await follow(options, (service) => service.create({ name, spec, start: true }))
  })

  const resume = program
    .command('resume <run>')
    .description('Goes on with a paused, stopped, failed or interrupted run, or starts a queued one.')
  addRecordOptions(resume).action(async (runId: string, options: TrainOptions) => {
    await follow(options, (service) => enqueue(service, runId))
  })
}

/** A run that waits in the queue is taken as it is. */
function enqueue(service: RunService, runId: string): Run {
  const run = service.get(runId)
  return run.state === 'queued' ? run : service.resume(runId)
}

/** Trains one run in the foreground. */
async function follow(options: TrainOptions, begin: (service: RunService) => Run): Promise<void> {
  const stream = new TrainStream(options.json === true)
  const workspaceOptions = { ...options, threads: parseThreads(options.threads) }
  const run = await ownWorkspace(workspaceOptions, stream.listeners, async (service) =>
    followRun(service, stream, begin(service)),
  )
  stream.end(run)
  if (!options.json) printLine(canResume(run.state) ? `Go on with: ${resumeCommand(run.id, options)}` : run.id)
  if (run.state === 'failed' && run.error) throw fromWireError(run.error)
  if (run.state === 'diverged') process.exitCode = 1
}

function parseThreads(text: string | undefined): number | null {
  if (text === undefined) return null
  const threads = Number(text)
  if (Number.isInteger(threads) && threads >= 1 && threads <= 256) return threads
  throw new WorkbenchError('usage', `--threads must be a whole number from 1 to 256, but got "${text}".`)
}
