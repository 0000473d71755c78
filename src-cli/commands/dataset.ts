import type { Command } from 'commander'
import { resolve } from 'node:path'
import type { ImportRequest } from '../../src-core/domain/datasets/import-request.ts'
import type { StoredDataset } from '../../src-core/domain/datasets/stored-dataset.ts'
import { builtInDatasets, findDataset, type DatasetInfo } from '../../src-core/domain/dataset.ts'
import { parseTypedValue } from '../../src-core/domain/spec/paths.ts'
import { importDataset } from '../../src-core/runs/jobs/dataset-import.ts'
import type { ImportedDataset } from '../../src-core/storage/folder/datasets.ts'
import type { ReadableWorkspace, Workspace } from '../../src-core/storage/workspace.ts'
import { interruptible } from '../interruption.ts'
import { startNodeImporter } from '../node-trainer.ts'
import { formatInteger, formatNumber } from '../terminal/format.ts'
import { ImportDisplay } from '../terminal/import-display.ts'
import { printJson, printLine, printNotice, printTable, singleLine } from '../terminal/output.ts'
import { addJsonOption, addWorkspaceOption, ownWorkspace, readWorkspace, type WorkspaceOptions } from '../workspace.ts'

interface ImportOptions extends WorkspaceOptions {
  readonly name: string
  readonly size: string
  readonly testShare: string
  readonly grey?: boolean
}

/** What the command prints of a data set with `--json`: fields may be added, none may go or change. */
type DatasetRecord = DatasetInfo &
  Partial<Pick<StoredDataset, 'source' | 'unreadable' | 'files'>> & { readonly directory: string | null }

const importHelp = `
The folder holds one sub-folder of JPEG, PNG or WebP pictures per class, or train/ and test/ (or val/) that hold those.
Pictures are turned as their EXIF says, cropped to a square and stored as bytes, so that training decodes nothing.
Those that cannot be read are left out and named.
`

export function addDatasetCommands(program: Command): void {
  const dataset = program.command('dataset').description('Imports folders of pictures as data sets, and lists them.')

  const importing = dataset
    .command('import <folder>')
    .description('Makes a folder of pictures a data set. Ctrl+C gives it up and leaves nothing behind.')
    .requiredOption('--name <name>', 'what it is called; its id for --dataset is made from it')
    .option('--size <pixels>', 'side of the stored square images', '256')
    .option('--test-share <share>', 'share of every class to test on, unless the folder has test/ or val/', '0.2')
    .option('--grey', 'store grey images')
    .addHelpText('after', importHelp)
  addJsonOption(addWorkspaceOption(importing)).action(importFolder)

  const list = dataset.command('list').description('Lists the data sets that runs can use.')
  addJsonOption(addWorkspaceOption(list)).action((options: WorkspaceOptions) =>
    readWorkspace(options, (workspace) => listDatasets(workspace, options)),
  )

  const show = dataset.command('show <id>').description('Shows one data set: counts, classes, statistics, source.')
  addJsonOption(addWorkspaceOption(show)).action((id: string, options: WorkspaceOptions) =>
    readWorkspace(options, (workspace) => showDataset(workspace, id, options)),
  )
}

function requestOf(folder: string, options: ImportOptions): ImportRequest {
  return {
    folder: resolve(folder),
    title: options.name,
    // Whatever was typed: the schema of the request says what is wrong with it.
    size: parseTypedValue(options.size) as number,
    testShare: parseTypedValue(options.testShare) as number,
    channels: options.grey ? 1 : 3,
  }
}

async function importFolder(folder: string, options: ImportOptions): Promise<void> {
  const request = requestOf(folder, options)
  const display = options.json ? null : new ImportDisplay(request.title)
  const cancel = new AbortController()
  await ownWorkspace(options, {}, async (_service, workspace: Workspace) => {
    const { info } = await interruptible(
      () => cancel.abort(),
      () =>
        importDataset(workspace, request, {
          startImporter: startNodeImporter,
          signal: cancel.signal,
          onProgress: (progress) => display?.show(progress),
        }),
    ).finally(() => display?.end())
    if (options.json) return printJson(recordOf(workspace, info))
    printDataset(recordOf(workspace, info))
    printLine(`\nTrain on it with: npx ablate train RECIPE --dataset ${info.id}`)
  })
}

function builtInRecord(info: DatasetInfo): DatasetRecord {
  return { ...info, directory: null }
}

function importedRecord({ stored, directory }: ImportedDataset): DatasetRecord {
  const { info, source, unreadable, files } = stored
  return { ...info, directory, source, unreadable, files }
}

function recordOf({ datasets }: Pick<ReadableWorkspace, 'datasets'>, info: DatasetInfo): DatasetRecord {
  const found = datasets.find(info.id)
  return found ? importedRecord(found) : builtInRecord(info)
}

function listDatasets(workspace: ReadableWorkspace, { json }: WorkspaceOptions): void {
  const { usable, damaged } = workspace.datasets.imported()
  const records = [...builtInDatasets.map(builtInRecord), ...usable.map(importedRecord)]
  for (const { directory, reason } of damaged) {
    printNotice(`warning: the data set in ${directory} is damaged: ${singleLine(reason)}`)
  }
  if (json) return printJson(records)
  printTable(
    [
      { title: 'Data set', value: ({ id }) => id },
      { title: 'Name', value: ({ title }) => title },
      { title: 'Classes', value: ({ labels }) => formatInteger(labels.length), align: 'right' },
      { title: 'Training images', value: ({ trainImages }) => formatInteger(trainImages), align: 'right' },
      { title: 'Test images', value: ({ testImages }) => formatInteger(testImages), align: 'right' },
      { title: 'Stored as', value: ({ size, channels }) => `${size} x ${size} x ${channels}`, align: 'right' },
    ],
    records,
  )
}

function showDataset(workspace: ReadableWorkspace, id: string, { json }: WorkspaceOptions): void {
  // A damaged one is told as such, and not as one that does not exist.
  if (workspace.datasets.isFolder(id)) workspace.datasets.directoryOf(id)
  const record = recordOf(workspace, findDataset(id, workspace.datasets.list()))
  if (json) printJson(record)
  else printDataset(record)
}

const mostLabels = 20

function printDataset(record: DatasetRecord): void {
  const { title, labels, trainImages, testImages, size, channels, mean, standardDeviation } = record
  const numbers = (values: readonly number[]): string => values.map((value) => formatNumber(value)).join(', ')
  const more = labels.length > mostLabels ? `, and ${formatInteger(labels.length - mostLabels)} more` : ''
  printLine(`${singleLine(title)} (${record.id})\n`)
  printLine(`Images      ${formatInteger(trainImages)} to train on, ${formatInteger(testImages)} to test on`)
  printLine(`Stored as   ${size} x ${size} pixels, ${channels === 1 ? 'grey' : 'colour'}`)
  printLine(`Mean        ${numbers(mean)}`)
  printLine(`Deviation   ${numbers(standardDeviation)}`)
  printLine(`Classes     ${labels.length}: ${labels.slice(0, mostLabels).map(singleLine).join(', ')}${more}`)
  if (record.directory) printLine(`Folder      ${record.directory}`)
  if (record.source) printLine(`Source      ${singleLine(record.source.folder)}`)
  if (record.unreadable) printUnreadable(record.unreadable)
}

function printUnreadable({ count, first }: StoredDataset['unreadable']): void {
  if (count === 0) return
  printLine(`Left out    ${formatInteger(count)} files${count > first.length ? ', the first of them' : ''}:`)
  for (const { file, reason } of first) printLine(`  ${singleLine(file)}: ${singleLine(reason)}`)
}
