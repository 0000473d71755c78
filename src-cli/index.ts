import { Command, CommanderError } from 'commander'
import { toWireError, WorkbenchError } from '../src-core/domain/errors.ts'
import { addCompareCommand } from './commands/compare.ts'
import { addDatasetCommands } from './commands/dataset.ts'
import { addDoctorCommand } from './commands/doctor.ts'
import { addExportCommand } from './commands/export.ts'
import { addPredictCommand } from './commands/predict.ts'
import { addQuickstartCommand } from './commands/quickstart.ts'
import { addReportCommand } from './commands/report.ts'
import { addRunsCommands } from './commands/runs.ts'
import { addShowCommand } from './commands/show.ts'
import { addSummaryCommand } from './commands/summary.ts'
import { addSweepCommand } from './commands/sweep.ts'
import { addTrainCommands } from './commands/train.ts'
import { watchInterruptions } from './interruption.ts'
import { printNotice } from './terminal/output.ts'
import { version } from './version.ts'

/** Exit statuses of the contract: 1 for a failure, 2 for wrong usage. */
const failureStatus = 1
const usageStatus = 2

/** Codes that mean that the command was written wrongly, not that something went wrong. */
const usageCodes = ['usage', 'unknown-field', 'invalid-value', 'unknown-recipe', 'unknown-dataset']

function buildProgram(): Command {
  const program = new Command('ablate')
    .description('Trains AlexNet variants, keeps the record of every run, exports what was trained.')
    .version(version)
    .showHelpAfterError('(ablate COMMAND --help shows the options)')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: (.*)\n$/s, 'ablate: $1 [usage]\n')) })
  addSummaryCommand(program)
  addTrainCommands(program)
  addSweepCommand(program)
  addRunsCommands(program)
  addShowCommand(program)
  addCompareCommand(program)
  addExportCommand(program)
  addPredictCommand(program)
  addReportCommand(program)
  addDatasetCommands(program)
  addDoctorCommand(program)
  addQuickstartCommand(program)
  return program
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageStatus
  const { code, message } = toWireError(error)
  printNotice(`${message} [${code}]`)
  if (!(error instanceof WorkbenchError) && process.env.ABLATE_DEBUG) console.error(error)
  return usageCodes.includes(code) ? usageStatus : failureStatus
}

watchInterruptions()

try {
  await buildProgram().parseAsync()
} catch (error) {
  process.exitCode = report(error)
}
