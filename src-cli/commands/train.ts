import { Option, type Command } from 'commander'
import { fromWireError, WorkbenchError } from '../../src-core/domain/errors.ts'
import type { Run } from '../../src-core/domain/run.ts'
import { metricNames } from '../../src-core/domain/metrics.ts'
import { canResume } from '../../src-core/domain/run-status.ts'
import { proposeRunName } from '../../src-core/domain/spec/run-name.ts'
import type { RunService } from '../../src-core/runs/run-service.ts'
import type { Workspace } from '../../src-core/storage/workspace.ts'
import { findRun, findRuns } from '../runs/find-run.ts'
import { followRuns } from '../follow-runs.ts'
import { doesNotFit, dryRun } from './dry-run.ts'
import { addSetOption, printFitting, printWarnings, specFromOptions, type SpecOptions } from '../spec-options.ts'
import { formatPercent } from '../terminal/format.ts'
import { printLine } from '../terminal/output.ts'
import { addThreadsOption, parseThreads } from '../threads-option.ts'
import { followRun, TrainStream } from '../train-stream.ts'
import {
  addJsonOption,
  addWorkspaceOption,
  datasetsOf,
  ownWorkspace,
  withWorkspace,
  resumeCommand,
  type WorkspaceOptions,
} from '../workspace.ts'

interface FollowOptions extends Omit<WorkspaceOptions, 'threads'> {
  readonly threads?: string
}

interface TrainOptions extends SpecOptions, FollowOptions {
  readonly name?: string
  readonly dryRun?: boolean
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
    .option('--name <name>', 'name of the run; by default what differs from the recipe')
    .option('--dry-run', 'measure three steps and tell what the run would cost and whether it fits; record nothing')
  addRecordOptions(addThreadsOption(addSetOption(train))).action(async (recipe: string, options: TrainOptions) => {
    const datasets = datasetsOf(options)
    const spec = specFromOptions(recipe, options, datasets)
    printWarnings([spec])
    printFitting(spec, datasets)
    if (options.dryRun) return dryRun(spec, { ...options, threads: parseThreads(options.threads) })
    const name = options.name ?? proposeRunName(spec, datasets)
    await follow(options, (service) => {
      const refusal = service.setup.refusal(spec)
      if (refusal) throw doesNotFit(spec, refusal)
      return service.create({ name, spec, start: true })
    })
  })

  const resume = program
    .command('resume <run...>')
    .description('Goes on with paused, stopped, failed or interrupted runs, or starts queued ones, one after another.')
  addRecordOptions(resume).action(async (runIds: string[], options: FollowOptions) => {
    if (runIds.length === 1)
      await follow(options, (service, workspace) => enqueue(service, findRun(workspace, runIds[0]!).id))
    else await followSeveral(runIds, options)
  })
}

/** A run that waits in the queue is taken as it is. */
function enqueue(service: RunService, runId: string): Run {
  const run = service.get(runId)
  return run.state === 'queued' ? run : service.resume(runId)
}

/** @throws WorkbenchError `illegal-transition` for one that cannot be resumed, before any other is queued. */
function requireResumable(service: RunService, runIds: readonly string[]): void {
  for (const { id, state, deletedAt } of runIds.map((runId) => service.get(runId))) {
    if (deletedAt === null && (state === 'queued' || canResume(state))) continue
    const why = deletedAt === null ? `is ${state} and cannot be resumed` : 'is in the trash: restore it first'
    throw new WorkbenchError('illegal-transition', `Run ${id} ${why}.`, { runId: id })
  }
}

/** Failures that would come again: the run's own spec cannot be satisfied. */
const hopeless = [
  'transfer-mismatch',
  'checkpoint-missing',
  'model-file-unreadable',
  'invalid-value',
  'input-too-small',
  'batch-too-large',
  'out-of-memory',
]

/** What became of the run, and what to type next. */
function printEnding(run: Run, notes: readonly string[], options: FollowOptions): void {
  for (const note of notes) printLine(note)
  const accuracy = run.last[metricNames.testAccuracy]
  if (accuracy !== undefined) printLine(`Test accuracy ${formatPercent(accuracy)} %`)
  if (run.state === 'finished') {
    printLine(`Look at it with: ${withWorkspace(`npx ablate show ${run.id}`, options)}`)
  } else if (run.state === 'diverged' && run.checkpointStep !== null) {
    printLine(`A new run can begin there: --set training.transfer.from=run:${run.id}@${run.checkpointStep}`)
  } else if (canResume(run.state) && !hopeless.includes(run.error?.code ?? '')) {
    printLine(`Go on with: ${resumeCommand(run.id, options)}`)
  }
  printLine(run.id)
}

/** Trains one run in the foreground. */
async function follow(
  options: FollowOptions,
  begin: (service: RunService, workspace: Workspace) => Run,
): Promise<void> {
  const stream = new TrainStream({ datasets: datasetsOf(options), json: options.json === true })
  const workspaceOptions = { ...options, threads: parseThreads(options.threads) }
  let notes: string[] = []
  const run = await ownWorkspace(workspaceOptions, stream.listeners, async (service, workspace) => {
    const settled = await followRun(service, stream, begin(service, workspace))
    const atTheEnd = service.events(settled.id).filter(({ kind, step }) => kind === 'note' && step === settled.step)
    notes = settled.state === 'finished' ? atTheEnd.map(({ message }) => message) : []
    return settled
  })
  stream.end(run)
  if (!options.json) printEnding(run, notes, options)
  if ((run.state === 'failed' || run.state === 'diverged') && run.error) throw fromWireError(run.error)
}

/** Trains several recorded runs in the foreground; the status is 1 unless all of them finished or were paused. */
async function followSeveral(texts: readonly string[], options: FollowOptions): Promise<void> {
  const stream = new TrainStream({ datasets: datasetsOf(options), json: options.json === true, nameRuns: true })
  await ownWorkspace({ ...options, threads: null }, stream.listeners, async (service, workspace) => {
    const runIds = findRuns(workspace, texts).map(({ id }) => id)
    requireResumable(service, runIds)
    const runs = runIds.map((id) => enqueue(service, id))
    const done = await followRuns(service, stream, runs)
    const left = runs.map(({ id }) => service.get(id)).filter(({ state }) => state === 'queued' || canResume(state))
    if (!options.json && left.length > 0) {
      printLine(`Go on with: ${resumeCommand(left.map(({ id }) => id), options)}`) // prettier-ignore
    }
    if (done && runs.some(({ id }) => service.get(id).state !== 'finished')) process.exitCode = 1
  })
}
