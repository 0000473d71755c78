import type { Handlers } from '../../src-core/contract/procedures/index.ts'
import type { Settings } from '../../src-core/domain/settings.ts'
import type { RunService } from '../../src-core/runs/run-service.ts'
import type { Workspace } from '../../src-core/storage/workspace.ts'
import { appHandlers, type AppFacts } from './app.ts'
import type { RecordReader } from '../reader/record-reader.ts'
import type { SaveFile } from '../window/save-file.ts'
import { exportHandlers } from './exports.ts'
import { fileHandlers } from './files.ts'
import { inspectionHandlers } from './inspection.ts'
import { layoutHandlers } from './layout.ts'
import { metricsHandlers } from './metrics.ts'
import { referenceHandlers } from './references.ts'
import { reportHandlers, type PrintPdf } from './reports.ts'
import { runHandlers } from './runs.ts'
import { settingsHandlers } from './settings.ts'
import { setupHandlers } from './setup.ts'

export interface HandlerNeeds {
  readonly workspace: Workspace
  readonly runs: RunService
  readonly facts: AppFacts
  readonly reveal: (directory: string) => void
  readonly reader: RecordReader
  readonly saveFile: SaveFile
  readonly printPdf: PrintPdf
  /** Lets the user choose a file with weights; null when cancelled. */
  readonly chooseModelFile: () => Promise<string | null>
  /** Lets the user choose a CSV file of curves; null when cancelled. */
  readonly chooseCurvesFile: () => Promise<string | null>
  readonly onSettingsChange: (settings: Settings) => void
}

/** Every procedure of the contract; a forgotten or surplus one does not compile. */
export function createHandlers(needs: HandlerNeeds): Handlers {
  const { workspace, runs, facts, reveal, reader, saveFile, printPdf, onSettingsChange } = needs
  const { chooseModelFile, chooseCurvesFile } = needs
  return {
    ...appHandlers(workspace, reader, facts),
    ...settingsHandlers(workspace.settings, onSettingsChange),
    ...runHandlers(runs, reader),
    ...setupHandlers(runs, chooseModelFile),
    ...metricsHandlers(workspace, reader, saveFile),
    ...referenceHandlers(workspace, reader, chooseCurvesFile),
    ...fileHandlers(saveFile),
    ...inspectionHandlers(runs.inspections),
    ...reportHandlers({ reader, saveFile, reveal, printPdf }),
    ...layoutHandlers(workspace.layout),
    ...exportHandlers(workspace, runs, reveal),
  } satisfies Handlers
}
