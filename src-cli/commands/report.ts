import type { Command } from 'commander'
import { resolve } from 'node:path'
import { findRuns } from '../find-run.ts'
import { writeReport } from '../report/write-report.ts'
import { printJson, printLine } from '../terminal/output.ts'
import { addJsonOption, addWorkspaceOption, readWorkspace, type WorkspaceOptions } from '../workspace.ts'

interface ReportOptions extends WorkspaceOptions {
  readonly out: string
}

export function addReportCommand(program: Command): void {
  const command = program
    .command('report <run...>')
    .description('Writes one self-contained HTML page with the curves and results of the runs.')
    .requiredOption('--out <file>', 'the HTML file')
  addJsonOption(addWorkspaceOption(command)).action((runIds: string[], options: ReportOptions) =>
    readWorkspace(options, (workspace) => {
      const runs = findRuns(workspace, runIds)
      const file = resolve(options.out)
      writeReport(workspace, runs, runs.map((run) => run.name).join(' and '), file)
      if (options.json) printJson({ path: file })
      else printLine(file)
    }),
  )
}
