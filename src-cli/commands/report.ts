import type { Command } from 'commander'
import { reportFormats, reportSections } from '../../src-core/domain/report/report-request.ts'
import { findRuns } from '../runs/find-run.ts'
import { reportRequest, type ReportContentOptions } from '../report/report-options.ts'
import { placeOf, writeReport } from '../report/write-report.ts'
import { printJson, printLine } from '../terminal/output.ts'
import { addJsonOption, addWorkspaceOption, readWorkspace, type WorkspaceOptions } from '../workspace.ts'

interface ReportOptions extends WorkspaceOptions, ReportContentOptions {
  readonly out?: string
  readonly format?: string
  readonly force?: boolean
}

const collect = (value: string, previous: string[] = []): string[] => [...previous, value]

export function addReportCommand(program: Command): void {
  const command = program
    .command('report <run...>')
    .description('Writes a report of the runs: one page that needs nothing else, a PDF, or Markdown.')
    .option('-o, --out <file>', 'the file, whose ending tells the format: .html, .pdf or .md')
    .option('--format <format>', `${reportFormats.join(', ')}; alone it names the file by the title, in this folder`)
    .option('--title <text>', 'title of the report')
    .option('--notes <file>', 'notes in Markdown; may be given many times', collect)
    .option('--metric <name>', 'a metric to draw instead of loss and accuracy; may be given many times', collect)
    .option('--sections <list>', `the parts and their order: ${reportSections.join(',')}; note is the next notes file`)
    .option('--force', 'replace the file when it is there already')
  addJsonOption(addWorkspaceOption(command)).action((runIds: string[], options: ReportOptions) => {
    // What is wrong with the place is told before the runs are looked for.
    placeOf(options, 'Report')
    return readWorkspace(options, async (workspace) => {
      const request = reportRequest(findRuns(workspace, runIds), options)
      const place = placeOf(options, request.title)
      await writeReport(workspace, request, place, { force: options.force === true })
      if (options.json) printJson({ path: place.file })
      else printLine(place.file)
    })
  })
}
