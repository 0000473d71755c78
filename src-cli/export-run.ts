import { resolve } from 'node:path'
import type { ExportFormat, ExportRecord } from '../src-core/domain/model-export.ts'
import type { RunService } from '../src-core/runs/run-service.ts'
import { interruptible } from './interruption.ts'

/** Exports a run's newest checkpoint; a request to end meanwhile ends the export and leaves nothing behind. */
export function exportRun(
  service: RunService,
  runId: string,
  format: ExportFormat,
  folder?: string,
): Promise<ExportRecord> {
  const end = (): void => void service.close().catch(() => {})
  return interruptible(end, () =>
    service.exportModel(runId, format, folder === undefined ? undefined : resolve(folder)),
  )
}
