import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import { compileQuery, type QuerySource } from '../../src-core/domain/query/evaluate.ts'
import { parseQuery } from '../../src-core/domain/query/parse.ts'
import { QueryError } from '../../src-core/domain/query/query.ts'
import { runSource } from '../../src-core/domain/query/run-source.ts'
import { SummaryTable } from '../../src-core/domain/run-list/summary-table.ts'
import type { Run } from '../../src-core/domain/run.ts'
import type { ReadableWorkspace } from '../../src-core/storage/workspace.ts'
import { findRun } from '../runs/find-run.ts'
import { queryHelp } from '../runs/query-help.ts'
import { formatBest, formatDuration } from '../terminal/format.ts'
import { printJson, printLine, printTable } from '../terminal/output.ts'
import { addJsonOption, addWorkspaceOption, readWorkspace, withWorkspace, type WorkspaceOptions } from '../workspace.ts'

interface ListOptions extends WorkspaceOptions {
  readonly where?: string
}

interface MetricsOptions extends WorkspaceOptions {
  readonly name?: string
  readonly csv?: boolean
}

export function addRunsCommands(program: Command): void {
  const runs = program.command('runs').description('Lists the runs of the workspace.')
  runs.option(
    '--where <query>',
    'only runs for which it holds, such as "model.dropout.rate >= 0.3 and best(validation/accuracy) > 0.9"',
  )
  runs.addHelpText('after', () => `\n${queryHelp()}`)
  addJsonOption(addWorkspaceOption(runs)).action((options: ListOptions) =>
    readWorkspace(options, (workspace) => listRuns(chosenRuns(workspace, options.where), options)),
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

/**
 * The runs outside the trash for which a query holds.
 * @throws WorkbenchError `usage` that points at what is wrong in the query.
 */
function chosenRuns(workspace: ReadableWorkspace, where: string | undefined): Run[] {
  const runs = workspace.runs.list({ deleted: false })
  if (where === undefined) return runs
  try {
    return runs.filter(compileQuery(parseQuery(where), sourceOf(runs)))
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    throw new WorkbenchError(
      'usage',
      `${error.message}\n  ${where}\n  ${' '.repeat(error.at)}${'^'.repeat(error.length)}`,
    )
  }
}

function sourceOf(runs: readonly Run[]): QuerySource<Run> {
  const summaries = new SummaryTable()
  for (const run of runs) summaries.takeRun(run.id, run.metrics)
  return runSource(
    () => runs.map(({ spec }) => spec),
    () => summaries.metrics(),
    (runId, metric, statistic) => summaries.value(runId, metric, statistic),
  )
}

function listRuns(runs: Run[], options: ListOptions): void {
  if (options.json) return printJson(runs)
  if (runs.length === 0 && options.where !== undefined) return printLine('No run matches.')
  if (runs.length === 0) {
    const where =
      options.workspace && !existsSync(options.workspace) ? `There is no folder ${options.workspace}` : 'No runs yet'
    return printLine(`${where}. Start a run with: ${withWorkspace('npx ablate train alexnet-small', options)}`)
  }
  printTable(
    [
      { title: 'Run', value: (run) => run.id },
      { title: 'Name', value: (run) => run.name },
      { title: 'State', value: (run) => run.state },
      { title: 'Step', value: (run) => `${run.step} of ${run.totalSteps ?? '?'}`, align: 'right' },
      { title: 'Best validation result', value: (run) => formatBest(run.best), align: 'right' },
      { title: 'Training time', value: (run) => formatDuration(run.activeTime), align: 'right' },
    ],
    runs,
  )
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
