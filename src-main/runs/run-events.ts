import type { RunServiceListeners } from '../../src-core/runs/listeners.ts'
import type { EmitEvent } from '../ipc.ts'

/** Passes what the run service reports on to the window. */
export function announceRuns(emit: EmitEvent): RunServiceListeners {
  return {
    runChanged: (run) => emit('run.changed', { run }),
    runPurged: (runId) => emit('run.purged', { runId }),
    metricsAppended: (runId, records) => emit('metrics.appended', { runId, records: [...records] }),
    metricsRewound: (runId, toStep) => emit('metrics.rewound', { runId, toStep }),
    artifactRecorded: (runId, artifact) => emit('artifact.recorded', { runId, artifact }),
    exportProgress: (runId, stage) => emit('export.progress', { runId, stage }),
    exportCreated: (record) => emit('export.created', { record }),
    notice: (level, message) => emit('notice', { level, message }),
  }
}
