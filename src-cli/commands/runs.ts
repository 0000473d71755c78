import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import type { Run } from '../../src-core/domain/run.ts'
import { listPaths } from '../../src-core/domain/spec/paths.ts'
import type { ReadableWorkspace } from '../../src-core/storage/workspace.ts'
import { formatDuration, formatInteger, formatNumber, formatPercent } from '../terminal/format.ts'
import { printJson, printLine, printTable, singleLine } from '../terminal/output.ts'
import { addJsonOption, addWorkspaceOption, readWorkspace, type WorkspaceOptions } from '../workspace.ts'

interface MetricsOptions extends WorkspaceOptions {
  readonly name?: string
  readonly csv?: boolean
}

export function addRunsCommands(program: Command): void {
  const runs = program.command('runs').description('Lists the runs of the workspace.')
  addJsonOption(addWorkspaceOption(runs)).action((options: WorkspaceOptions) =>
    readWorkspace(options, ({ runs: record }) => listRuns(record.list({ deleted: false }), options)),
  )

  const show = program.command('show <run>').description('Shows one run: state, step, spec, results, environment.')
  addJsonOption(addWorkspaceOption(show)).action((runId: string, options: WorkspaceOptions) =>
    readWorkspace(options, (workspace) => showRun(findRun(workspace, runId), options)),
  )

  const metrics = program
    .command('metrics <run>')
    .description('Prints every logged value of a run, unsampled.')
    .option('--name <metric>', 'one metric, such as validation/accuracy')
    .option('--csv', 'comma-separated values')
  addJsonOption(addWorkspaceOption(metrics)).action((runId: string, options: MetricsOptions) =>
    readWorkspace(options, (workspace) => printMetrics(workspace, findRun(workspace, runId), options)),
  )
}

/** @throws WorkbenchError `run-not-found`. */
export function findRun(workspace: ReadableWorkspace, runId: string): Run {
  const run = workspace.runs.find(runId)
  if (run) return run
  throw new WorkbenchError('run-not-found', `There is no run "${runId}" in ${workspace.directory}.`, { run: runId })
}

function listRuns(runs: Run[], options: WorkspaceOptions): void {
  if (options.json) return printJson(runs)
  if (runs.length === 0) {
    const where =
      options.workspace && !existsSync(options.workspace) ? `There is no folder ${options.workspace}` : 'No runs yet'
    return printLine(`${where}. Start a run with: npx ablate train alexnet-small`)
  }
  printTable(
    [
      { title: 'Run', value: (run) => run.id },
      { title: 'Name', value: (run) => run.name },
      { title: 'State', value: (run) => run.state },
      { title: 'Step', value: (run) => `${run.step} of ${run.totalSteps ?? '?'}`, align: 'right' },
      { title: 'Best validation accuracy, %', value: (run) => formatPercent(run.best?.value), align: 'right' },
      { title: 'Training time', value: (run) => formatDuration(run.activeTime), align: 'right' },
    ],
    runs,
  )
}

function showRun(run: Run, options: WorkspaceOptions): void {
  if (options.json) return printJson(run)
  printPairs([
    ['Name', singleLine(run.name)],
    ['State', run.error ? `${run.state}: ${run.error.message}` : run.state],
    ['Step', `${formatInteger(run.step)} of ${run.totalSteps === null ? '?' : formatInteger(run.totalSteps)}`],
    ['Epoch', formatNumber(run.epoch, 2)],
    ['Training time', formatDuration(run.activeTime)],
    ['Parameters', formatInteger(run.parameters)],
    ['Best', run.best ? `${run.best.metric} ${formatNumber(run.best.value)} at step ${run.best.step}` : '-'],
    ['Checkpoint', run.checkpointStep === null ? '-' : `step ${formatInteger(run.checkpointStep)}`],
    ['Weights SHA-256', run.weightsSha256 ?? '-'],
    ['Created', new Date(run.createdAt).toISOString()],
    ...Object.entries(run.last).map(([metric, value]): [string, string] => [`last ${metric}`, formatNumber(value)]),
    ...Object.entries(run.environment ?? {}).map(([fact, value]): [string, string] => [fact, String(value)]),
  ])
  printLine('\nSpec:')
  printPairs(listPaths(run.spec).map(({ path, value }) => [path, JSON.stringify(value)]))
}

function printPairs(pairs: readonly (readonly [string, string])[]): void {
  const width = Math.max(...pairs.map(([name]) => name.length))
  for (const [name, value] of pairs) printLine(`${name.padEnd(width)}  ${value}`)
}

function printMetrics(workspace: ReadableWorkspace, run: Run, options: MetricsOptions): void {
  const names = workspace.metrics.names(run.id)
  if (options.name !== undefined && !names.includes(options.name)) {
    const known = names.length > 0 ? names.join(', ') : 'none yet'
    throw new WorkbenchError('usage', `The run has no metric "${options.name}". Its metrics: ${known}.`)
  }
  const points = workspace.metrics.export(run.id, options.name)
  if (options.json && !options.csv) return printJson([...points])
  printLine('metric,step,epoch,wall_time_ms,active_time_ms,value')
  for (const { metric, step, epoch, wallTime, activeTime, value } of points) {
    printLine([metric, step, epoch, wallTime, activeTime, value].join(','))
  }
}
