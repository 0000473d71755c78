import type { Handlers } from '../../src-core/contract/procedures/index.ts'
import type { Settings } from '../../src-core/domain/settings.ts'
import type { RunService } from '../../src-core/runs/run-service.ts'
import type { Workspace } from '../../src-core/storage/workspace.ts'
import { appHandlers, type AppFacts } from './app.ts'
import { exportHandlers } from './exports.ts'
import { fileHandlers } from './files.ts'
import { layoutHandlers } from './layout.ts'
import { metricsHandlers } from './metrics.ts'
import { runHandlers } from './runs.ts'
import { settingsHandlers } from './settings.ts'
import { setupHandlers } from './setup.ts'
import type { FileToSave } from '../window/save-file.ts'

export interface HandlerNeeds {
  readonly workspace: Workspace
  readonly runs: RunService
  readonly facts: AppFacts
  readonly reveal: (directory: string) => void
  /** Lets the user choose a file with weights; null when cancelled. */
  readonly chooseModelFile: () => Promise<string | null>
  /** Lets the user choose where a file goes and writes it; null when cancelled. */
  readonly saveFile: (file: FileToSave) => Promise<string | null>
  readonly onSettingsChange: (settings: Settings) => void
}

/** Every procedure of the contract; a forgotten or surplus one does not compile. */
export function createHandlers(needs: HandlerNeeds): Handlers {
  const { workspace, runs, facts, reveal, chooseModelFile, saveFile, onSettingsChange } = needs
  return {
    ...appHandlers(workspace, facts),
    ...settingsHandlers(workspace.settings, onSettingsChange),
    ...runHandlers(runs),
    ...setupHandlers(runs, chooseModelFile),
    ...metricsHandlers(workspace),
    ...layoutHandlers(workspace.layout),
    ...fileHandlers(saveFile),
    ...exportHandlers(workspace, runs, reveal),
  } satisfies Handlers
}
