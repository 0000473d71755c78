import type { Command } from 'commander'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { builtInDatasets, findDataset } from '../../src-core/domain/dataset.ts'
import { fromWireError } from '../../src-core/domain/errors.ts'
import { metricNames } from '../../src-core/domain/metrics.ts'
import type { ExportRecord } from '../../src-core/domain/model-export.ts'
import type { Run } from '../../src-core/domain/run.ts'
import type { RunService } from '../../src-core/runs/run-service.ts'
import type { Workspace } from '../../src-core/storage/workspace.ts'
import { parseTypedValue, setAtPath } from '../../src-core/domain/spec/paths.ts'
import type { RunSpec } from '../../src-core/domain/spec/run-spec.ts'
import { sampleExperiment } from '../../src-core/domain/spec/sample-experiment.ts'
import { exportRun } from '../export-run.ts'
import { reportRequest } from '../report/report-options.ts'
import { writeReport } from '../report/write-report.ts'
import { formatDuration, formatInteger, formatNumber, formatPercent } from '../terminal/format.ts'
import { printJson, printLine, printTable } from '../terminal/output.ts'
import { followRun, TrainStream } from '../train-stream.ts'
import { addJsonOption, addWorkspaceOption, ownWorkspace, resumeCommand, type WorkspaceOptions } from '../workspace.ts'

/** A machine too slow for the whole experiment stops each run here: four minutes for the two. */
const longestRunMilliseconds = 115_000

interface QuickstartOptions extends WorkspaceOptions {
  readonly images?: string
  readonly epochs?: string
}

export function addQuickstartCommand(program: Command): void {
  const command = program
    .command('quickstart')
    .description('Trains two small AlexNets on MNIST, LRN against batch normalisation, compares and exports them.')
    .option('--images <count>', 'training images instead of 6,000')
    .option('--epochs <count>', 'passes over them instead of 3')
  addJsonOption(addWorkspaceOption(command)).action(quickstart)
}

async function quickstart(options: QuickstartOptions): Promise<void> {
  const stream = new TrainStream({ datasets: builtInDatasets, json: options.json === true })
  const specs = sampleExperiment.runs.map(({ name, spec }) => ({ name, spec: sized(spec, options) }))
  await ownWorkspace(options, stream.listeners, async (service, workspace) => {
    if (!options.json) printLine(`${introduction(specs[0]!.spec)} The record is kept in ${workspace.directory}\n`)
    const created = specs.map(({ name, spec }) => service.create({ name, spec, start: false }))
    const runs = await trainAll(service, stream, created)
    if (!runs) return printPaused(options, created)
    const exports: ExportRecord[] = []
    for (const run of runs) exports.push(await exportRun(service, run.id, 'tfjs'))
    const report = join(workspace.directory, 'reports', `quickstart-${runs[0]!.id}.html`)
    mkdirSync(dirname(report), { recursive: true })
    const request = reportRequest(runs, { title: sampleExperiment.title })
    await writeReport(workspace, request, { file: report, format: 'html' }, { force: true })
    if (options.json) printJson({ event: 'quickstart', runs: runs.map((run) => run.id), exports, report })
    else printOutcome(runs, exports, report, workspace)
  })
}

function introduction({ data, training }: RunSpec): string {
  const all = formatInteger(findDataset(data.dataset, builtInDatasets).trainImages)
  const images =
    data.trainImages === null ? 'all images' : `${formatInteger(data.trainImages)} of its ${all} training images`
  return `${sampleExperiment.title}: ${images}, ${training.epochs} epochs, seed ${training.seed}.`
}

function sized(spec: RunSpec, { images, epochs }: QuickstartOptions): RunSpec {
  const withImages = images === undefined ? spec : setAtPath(spec, 'data.trainImages', parseTypedValue(images))
  return epochs === undefined ? withImages : setAtPath(withImages, 'training.epochs', parseTypedValue(epochs))
}

/** Trains the runs one after another; null when the user paused, and then the later ones wait as paused too. */
async function trainAll(service: RunService, stream: TrainStream, created: readonly Run[]): Promise<Run[] | null> {
  const ended: Run[] = []
  for (const { id } of created) {
    const deadline = setTimeout(() => void service.stop(id).catch(() => {}), longestRunMilliseconds)
    const settled = await followRun(service, stream, service.resume(id)).finally(() => clearTimeout(deadline))
    stream.end(settled)
    if (settled.state === 'paused') return null
    if (settled.error) throw fromWireError(settled.error)
    ended.push(settled)
  }
  return ended
}

function printPaused(options: QuickstartOptions, runs: readonly Run[]): void {
  if (options.json)
    return printJson({ event: 'quickstart', runs: runs.map((run) => run.id), exports: [], report: null })
  printLine('Paused. Go on with:')
  for (const run of runs) printLine(`  ${resumeCommand(run.id, options)}`)
}

function printOutcome(runs: Run[], exports: ExportRecord[], report: string, workspace: Workspace): void {
  printLine()
  printTable(
    [
      { title: 'Run', value: (run) => run.name },
      { title: 'Best validation accuracy, %', value: (run) => formatPercent(run.best?.value), align: 'right' },
      { title: 'Validation loss', value: (run) => formatNumber(run.last[metricNames.validationLoss]), align: 'right' },
      { title: 'Test accuracy, %', value: (run) => formatPercent(run.last[metricNames.testAccuracy]), align: 'right' },
      { title: 'Training time', value: (run) => formatDuration(run.activeTime), align: 'right' },
      { title: 'Parameters', value: (run) => formatInteger(run.parameters), align: 'right' },
    ],
    runs,
  )
  printLine(
    '\nOne seed cannot tell whether a small difference is real: repeat with other seeds before you believe it.\n',
  )
  for (const { directory, check } of exports) {
    const agreement = `${formatPercent(check.top1Agreement)} % the same class on ${check.images} images`
    printLine(`Exported and checked (${agreement}): ${directory}`)
  }
  printLine(`Report: ${report}`)
  printLine(`Runs:   npx ablate runs --workspace ${workspace.directory}`)
}
