import type { ArtifactHeader } from '../domain/evaluation/artifact.ts'
import type { RunId } from '../domain/ids.ts'
import type { StepRecord } from '../domain/metrics.ts'
import type { ExportRecord } from '../domain/model-export.ts'
import type { Run } from '../domain/run.ts'

export type NoticeLevel = 'info' | 'warning' | 'error'

/** Who wants to hear of the runs. Everything that is told is already recorded. */
export interface RunServiceListeners {
  /** At once for a new state, at most four times a second per run for mere progress. */
  runChanged?(run: Run): void
  runPurged?(runId: RunId): void
  /** New values of an active run, in order, each exactly once. */
  metricsAppended?(runId: RunId, records: readonly StepRecord[]): void
  /** Values and artifacts past this step are gone: they are computed again from a checkpoint. */
  metricsRewound?(runId: RunId, toStep: number): void
  artifactRecorded?(runId: RunId, artifact: ArtifactHeader): void
  exportProgress?(runId: RunId, stage: string): void
  exportCreated?(record: ExportRecord): void
  notice?(level: NoticeLevel, message: string): void
}

/**
 * The same listeners, of which one that throws cannot harm a run: its error is thrown again outside, where the process
 * reports what nobody caught.
 */
export function isolated(listeners: RunServiceListeners): RunServiceListeners {
  const entries = Object.entries(listeners as Record<string, ((...parameters: unknown[]) => void) | undefined>)
  const wrapped = entries.map(([name, listen]) => [
    name,
    (...parameters: unknown[]): void => {
      try {
        listen?.(...parameters)
      } catch (error) {
        setImmediate(() => {
          throw error
        })
      }
    },
  ])
  return Object.fromEntries(wrapped) as RunServiceListeners
}
