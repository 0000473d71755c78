import type { Command } from 'commander'
import { resolve } from 'node:path'
import type { DatasetInfo } from '../src-core/domain/dataset.ts'
import type { RunServiceListeners } from '../src-core/runs/listeners.ts'
import { RunService } from '../src-core/runs/run-service.ts'
import { defaultWorkspaceDirectory } from '../src-core/storage/default-directory.ts'
import { datasetsFolder, datasetsIn } from '../src-core/storage/folder/datasets.ts'
import { openWorkspace, type ReadableWorkspace, type Workspace } from '../src-core/storage/workspace.ts'
import { startNodeTrainer } from './node-trainer.ts'

export interface WorkspaceOptions {
  readonly workspace?: string
  readonly json?: boolean
  readonly threads?: number | null
}

export function addWorkspaceOption(command: Command): Command {
  return command.option('--workspace <folder>', "the folder with the record; the application's own by default")
}

export function addJsonOption(command: Command): Command {
  return command.option('--json', 'print JSON')
}

/** As a shell takes it for one word. */
export function quoted(path: string): string {
  return /^[\w./~-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}

/** A command to be typed, about the same workspace. */
export function withWorkspace(command: string, { workspace }: Pick<WorkspaceOptions, 'workspace'>): string {
  return workspace === undefined ? command : `${command} --workspace ${quoted(workspace)}`
}

/** What to type to go on with runs. */
export function resumeCommand(
  runIds: string | readonly string[],
  options: Pick<WorkspaceOptions, 'workspace'>,
): string {
  const ids = typeof runIds === 'string' ? runIds : runIds.join(' ')
  return withWorkspace(`npx ablate resume ${ids}`, options)
}

function directoryOf(options: Pick<WorkspaceOptions, 'workspace'>): string {
  return options.workspace ? resolve(options.workspace) : defaultWorkspaceDirectory()
}

/** The data sets that runs of the workspace can use. */
export function datasetsOf(options: Pick<WorkspaceOptions, 'workspace'>): DatasetInfo[] {
  return datasetsIn(datasetsFolder(directoryOf(options))).list()
}

/** Lets `use` read the record, also while the application has it open. */
export async function readWorkspace<T>(
  options: WorkspaceOptions,
  use: (workspace: ReadableWorkspace) => T | Promise<T>,
): Promise<T> {
  const workspace = openWorkspace(directoryOf(options), { readOnly: true, application: 'ablate' })
  try {
    return await use(workspace)
  } finally {
    workspace.close()
  }
}

/** Lets `use` own the record: start runs, export, change. Closing pauses what still trains. */
export async function ownWorkspace<T>(
  options: WorkspaceOptions,
  listeners: RunServiceListeners,
  use: (service: RunService, workspace: Workspace) => Promise<T>,
): Promise<T> {
  const workspace = openWorkspace(directoryOf(options), { application: 'the ablate command' })
  const service = new RunService({
    workspace,
    startTrainer: startNodeTrainer,
    listeners,
    threads: () => options.threads ?? workspace.settings.get().threads,
  })
  try {
    service.recover()
    return await use(service, workspace)
  } finally {
    await service.close().finally(() => workspace.close())
  }
}
