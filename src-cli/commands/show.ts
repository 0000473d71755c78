import type { Command } from 'commander'
import type { CheckpointRecord } from '../../src-core/domain/checkpoint.ts'
import type { Run } from '../../src-core/domain/run.ts'
import { listPaths } from '../../src-core/domain/spec/paths.ts'
import { markCheckpoints } from '../../src-core/runs/checkpoints/checkpoint-marks.ts'
import type { ReadableWorkspace } from '../../src-core/storage/workspace.ts'
import { lastEvaluation, rowsOf, type Evaluation } from '../../src-core/report/evaluation.ts'
import { findRun } from '../runs/find-run.ts'
import { lastProfile, printProfile } from '../profile.ts'
import { formatBytes, formatDuration, formatInteger, formatNumber, formatPercent } from '../terminal/format.ts'
import { printJson, printLine, printPairs, printTable, singleLine } from '../terminal/output.ts'
import { addJsonOption, addWorkspaceOption, readWorkspace, type WorkspaceOptions } from '../workspace.ts'

interface ShowOptions extends WorkspaceOptions {
  profile?: boolean
}

export function addShowCommand(program: Command): void {
  const command = program
    .command('show <run>')
    .description('Shows one run: state, step, results, classes of the last evaluation, checkpoints, environment, spec.')
    .option('--profile', 'show where the time of its steps goes instead: milliseconds per layer, as last measured')
  addJsonOption(addWorkspaceOption(command)).action((runId: string, options: ShowOptions) =>
    readWorkspace(options, (workspace) => show(workspace, findRun(workspace, runId), options)),
  )
}

function show(workspace: ReadableWorkspace, run: Run, { json, profile: profileOnly }: ShowOptions): void {
  const profile = lastProfile(workspace, run)
  if (profileOnly) return json ? printJson(profile) : printProfile(profile, run)
  const checkpoints = markCheckpoints(run, workspace.checkpoints.list(run.id))
  if (json) printJson({ ...run, artifacts: workspace.artifacts.list(run.id), checkpoints, profile })
  else printRun(workspace, run, checkpoints)
}

function printRun(workspace: ReadableWorkspace, run: Run, checkpoints: readonly CheckpointRecord[]): void {
  printPairs(factsOf(run))
  if (checkpoints.length > 0) printCheckpoints(checkpoints)
  const evaluation = lastEvaluation(workspace, run)
  if (evaluation) printClasses(evaluation)
  printLine('\nSpec:')
  printPairs(listPaths(run.spec).map(({ path, value }) => [path, JSON.stringify(value)]))
}

function factsOf(run: Run): [string, string][] {
  return [
    ['Name', singleLine(run.name)],
    ['State', run.error ? `${run.state}: ${singleLine(run.error.message)}` : run.state],
    ['Step', `${formatInteger(run.step)} of ${run.totalSteps === null ? '?' : formatInteger(run.totalSteps)}`],
    ['Epoch', formatNumber(run.epoch, 2)],
    ['Training time', formatDuration(run.activeTime)],
    ['Parameters', formatInteger(run.parameters)],
    ['Best', run.best ? `${run.best.metric} ${formatNumber(run.best.value)} at step ${run.best.step}` : '-'],
    ['Checkpoint', run.checkpointStep === null ? '-' : `step ${formatInteger(run.checkpointStep)}`],
    ['Weights SHA-256', run.weightsSha256 ?? '-'],
    ...(run.tags.length > 0 ? [['Tags', run.tags.join(', ')] as [string, string]] : []),
    ...(run.notes === '' ? [] : [['Notes', singleLine(run.notes)] as [string, string]]),
    ['Created', new Date(run.createdAt).toISOString()],
    ...Object.entries(run.last).map(([metric, value]): [string, string] => [`last ${metric}`, formatNumber(value)]),
    ...Object.entries(run.environment ?? {}).map(([fact, value]): [string, string] => [fact, String(value)]),
  ]
}

function printCheckpoints(checkpoints: readonly CheckpointRecord[]): void {
  printLine('\nCheckpoints:')
  printTable(
    [
      { title: 'Step', value: ({ step }) => formatInteger(step), align: 'right' },
      { title: 'Epoch', value: ({ epoch }) => formatNumber(epoch, 2), align: 'right' },
      { title: 'Written', value: ({ createdAt }) => new Date(createdAt).toISOString() },
      { title: 'Size', value: ({ bytes }) => formatBytes(bytes), align: 'right' },
      { title: 'Kept as', value: ({ mark }) => mark ?? '' },
    ],
    checkpoints,
  )
}

function printClasses(evaluation: Evaluation): void {
  printLine(`\nClasses of the ${evaluation.part} images at step ${formatInteger(evaluation.step)}:`)
  printTable(
    [
      { title: 'Class', value: ({ label }) => label },
      { title: 'Images', value: ({ images }) => formatInteger(images), align: 'right' },
      { title: 'Recognised, %', value: ({ accuracy }) => formatPercent(accuracy), align: 'right' },
      { title: 'Most often taken for', value: ({ takenFor }) => takenFor ?? '' },
    ],
    rowsOf(evaluation),
  )
}
