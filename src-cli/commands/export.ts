import type { Command } from 'commander'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import { exportFormats, exportFormatSchema } from '../../src-core/domain/model-export.ts'
import { exportRun } from '../export-run.ts'
import { findRun } from '../runs/find-run.ts'
import { formatBytes, formatPercent } from '../terminal/format.ts'
import { printJson, printLine } from '../terminal/output.ts'
import { addJsonOption, addWorkspaceOption, ownWorkspace, type WorkspaceOptions } from '../workspace.ts'

interface ExportOptions extends WorkspaceOptions {
  readonly format: string
  readonly out: string
}

export function addExportCommand(program: Command): void {
  const command = program
    .command('export <run>')
    .description('Exports the newest checkpoint of a run, loads it back and compares it with the trained model.')
    .requiredOption('--out <folder>', 'a folder that does not exist yet')
    .option('--format <format>', exportFormats.join(', '), 'tfjs')
  addJsonOption(addWorkspaceOption(command)).action(exportModel)
}

async function exportModel(runId: string, options: ExportOptions): Promise<void> {
  const format = exportFormatSchema.safeParse(options.format)
  if (!format.success) {
    throw new WorkbenchError('usage', `--format must be ${exportFormats.join(' or ')}, but got "${options.format}".`)
  }
  const record = await ownWorkspace(options, {}, (service, workspace) =>
    exportRun(service, findRun(workspace, runId).id, format.data, options.out),
  )
  if (options.json) return printJson({ files: record.files, check: record.check, directory: record.directory })
  for (const { path, bytes } of record.files) printLine(`${path}  ${formatBytes(bytes)}`)
  const { images, maxAbsDiff, top1Agreement } = record.check
  const same = formatPercent(top1Agreement)
  printLine(`Loaded back and compared on ${images} images:`)
  printLine(`largest difference of a probability ${maxAbsDiff.toExponential(1)}, same class ${same} %`)
  printLine(record.directory)
}
