import { availableParallelism, cpus, totalmem } from 'node:os'
import type { ApplicationInfo, Handlers } from '../../src-core/contract/procedures/index.ts'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import type { RecordReader } from '../reader/record-reader.ts'
import type { Workspace } from '../../src-core/storage/workspace.ts'

type AppHandlers = Pick<Handlers, Extract<keyof Handlers, `app.${string}` | `datasets.${string}`>>

export interface AppFacts {
  readonly version: string
  readonly sandboxed: boolean
  /** Opens a folder in the system's file manager; answers what went wrong, or nothing. */
  readonly openFolder: (folder: string) => Promise<string>
}

export function appHandlers(workspace: Workspace, reader: RecordReader, facts: AppFacts): AppHandlers {
  return {
    'app.info': () => describeApplication(workspace, facts),
    'app.usage': () => reader.ask('usage', undefined),
    'app.openWorkspaceFolder': async () => {
      const problem = await facts.openFolder(workspace.directory)
      if (problem) throw new WorkbenchError('internal', `${workspace.directory} could not be opened: ${problem}`)
    },
    'datasets.list': () => workspace.datasets.list(),
  }
}

function describeApplication(workspace: Workspace, { version, sandboxed }: AppFacts): ApplicationInfo {
  return {
    version,
    electron: process.versions.electron ?? '',
    chromium: process.versions.chrome ?? '',
    node: process.versions.node,
    workspace: workspace.directory,
    machine: {
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      threads: availableParallelism(),
      memoryMib: Math.round(totalmem() / 2 ** 20),
      platform: `${process.platform} ${process.arch}`,
    },
    // TensorFlow's facts come from a run: main itself never loads TensorFlow.
    environment: workspace.runs.newestEnvironment(),
    sandboxed,
  }
}
