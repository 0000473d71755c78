import type { Handlers } from '../../src-core/contract/procedures/index.ts'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import type { RunService } from '../../src-core/runs/run-service.ts'
import type { Workspace } from '../../src-core/storage/workspace.ts'

type ExportHandlers = Pick<Handlers, Extract<keyof Handlers, `exports.${string}`>>

/** `reveal` shows a folder in the system's file manager without opening anything in it. */
export function exportHandlers(
  { exports }: Workspace,
  runs: RunService,
  reveal: (directory: string) => void,
): ExportHandlers {
  return {
    'exports.list': () => exports.list(),
    'exports.create': ({ runId, format }) => runs.exportModel(runId, format),
    'exports.reveal': ({ exportId }) => {
      // The window names a record, never a path: only what Ablate itself exported can be shown.
      const record = exports.list().find(({ id }) => id === exportId)
      if (!record) throw new WorkbenchError('usage', `There is no export ${exportId}.`, { exportId })
      reveal(record.directory)
    },
  }
}
