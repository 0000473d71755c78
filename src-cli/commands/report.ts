import type { Command } from 'commander'
import { resolve } from 'node:path'
import { reportSections } from '../../src-core/domain/report/report-request.ts'
import { findRuns } from '../runs/find-run.ts'
import { reportRequest, type ReportContentOptions } from '../report/report-options.ts'
import { formatOf, writeReport } from '../report/write-report.ts'
import { printJson, printLine } from '../terminal/output.ts'
import { addJsonOption, addWorkspaceOption, readWorkspace, type WorkspaceOptions } from '../workspace.ts'

interface ReportOptions extends WorkspaceOptions, ReportContentOptions {
  readonly out: string
  readonly force?: boolean
}

const collect = (value: string, previous: string[] = []): string[] => [...previous, value]

export function addReportCommand(program: Command): void {
  const command = program
    .command('report <run...>')
    .description('Writes a report of the runs: one page that needs nothing else, or Markdown.')
    .requiredOption('--out <file>', 'the file: .html or .md')
    .option('--title <text>', 'title of the report')
    .option('--notes <file>', 'notes in Markdown; may be given many times', collect)
    .option('--metric <name>', 'a metric to draw instead of loss and accuracy; may be given many times', collect)
    .option('--sections <list>', `the parts and their order: ${reportSections.join(',')}; note is the next notes file`)
    .option('--force', 'replace the file when it is there already')
  addJsonOption(addWorkspaceOption(command)).action((runIds: string[], options: ReportOptions) =>
    readWorkspace(options, (workspace) => {
      const file = resolve(options.out)
      formatOf(file)
      const runs = findRuns(workspace, runIds)
      writeReport(workspace, reportRequest(runs, options), file, { force: options.force === true })
      if (options.json) printJson({ path: file })
      else printLine(file)
    }),
  )
}
