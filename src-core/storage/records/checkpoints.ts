import { z } from 'zod'
import { checkpointInfoSchema, keptGenerations, type CheckpointInfo } from '../../domain/checkpoint.ts'
import type { RunId } from '../../domain/ids.ts'
import { bestMetricSchema, type StepRecord } from '../../domain/metrics.ts'
import type { Run } from '../../domain/run.ts'
import { transact, type ReadableDatabase, type WritableDatabase } from '../database.ts'
import { parseOptionalColumn, parseStored, toColumn } from './json-columns.ts'
import type { MetricWriter } from './metrics/metrics.ts'
import type { RunPatch } from './run-rows.ts'
import type { RunWriter } from './runs.ts'

interface CheckpointRow {
  step: number
  directory: string
  epoch: number
  bytes: number
  manifest_sha256: string
  reason: string
  best: string | null
  active_time: number
  covered_step: number
  created_at: number
  mark: string | null
}

const recordedCheckpointSchema = checkpointInfoSchema.extend({
  /** Resuming from the checkpoint keeps the values up to this step. */
  coveredStep: z.int(),
  createdAt: z.number(),
  /** The newest checkpoint of a run that diverged after it. */
  mark: z.literal('last-finite').nullable(),
})
export type RecordedCheckpoint = z.infer<typeof recordedCheckpointSchema>

export interface CheckpointReader {
  /** A run's recorded checkpoints, newest first. */
  list(runId: RunId): RecordedCheckpoint[]
  newest(runId: RunId): RecordedCheckpoint | null
}

export interface CheckpointWriter extends CheckpointReader {
  /** Records a checkpoint, the points it covers and the run's progress in one transaction. */
  commit(runId: RunId, checkpoint: CheckpointInfo, records: readonly StepRecord[], patch: RunPatch): Run
  /** Forgets checkpoints; their folders are the caller's to remove, afterwards. */
  remove(runId: RunId, directories: readonly string[]): void
  /** Marks the newest checkpoint as the last one with finite weights; answers it, null when there is none. */
  markLastFinite(runId: RunId): RecordedCheckpoint | null
}

function toCheckpoint(row: CheckpointRow): RecordedCheckpoint {
  const what = `checkpoint ${row.directory}`
  const info = {
    directory: row.directory,
    step: row.step,
    epoch: row.epoch,
    bytes: row.bytes,
    manifestSha256: row.manifest_sha256,
    reason: row.reason,
    best: parseOptionalColumn(bestMetricSchema, row.best, what),
    activeTime: row.active_time,
    coveredStep: row.covered_step,
    createdAt: row.created_at,
    mark: row.mark,
  }
  return parseStored(recordedCheckpointSchema, info, what)
}

export function checkpointReader(database: ReadableDatabase): CheckpointReader {
  const select = 'SELECT * FROM checkpoints WHERE run_id = ? ORDER BY step DESC'
  const all = database.prepare<[string], CheckpointRow>(select)
  const first = database.prepare<[string], CheckpointRow>(`${select} LIMIT 1`)
  return {
    list: (runId) => all.all(runId).map(toCheckpoint),
    newest: (runId) => {
      const row = first.get(runId)
      return row ? toCheckpoint(row) : null
    },
  }
}

/** Queries and changes of checkpoints; a commit also writes points and the run through their own writers. */
export function checkpointWriter(database: WritableDatabase, runs: RunWriter, metrics: MetricWriter): CheckpointWriter {
  // A checkpoint at the same step replaces the row: after a fall-back the same steps are trained again.
  const insert = database.prepare(`
    INSERT INTO checkpoints (run_id, step, directory, epoch, bytes, manifest_sha256, reason, best, active_time,
                             covered_step, created_at)
    VALUES (@runId, @step, @directory, @epoch, @bytes, @manifestSha256, @reason, @best, @activeTime,
            @coveredStep, @createdAt)
    ON CONFLICT (run_id, step) DO UPDATE SET directory = @directory, epoch = @epoch, bytes = @bytes,
      manifest_sha256 = @manifestSha256, reason = @reason, best = @best, active_time = @activeTime,
      covered_step = @coveredStep, created_at = @createdAt, mark = NULL`)
  const remove = database.prepare('DELETE FROM checkpoints WHERE run_id = ? AND directory = ?')
  const markNewest = database.prepare(`
    UPDATE checkpoints SET mark = 'last-finite'
    WHERE run_id = @runId AND step = (SELECT max(step) FROM checkpoints WHERE run_id = @runId)`)
  const reader = checkpointReader(database)
  return {
    ...reader,
    commit: (runId, checkpoint, records, patch) =>
      transact(database, () => {
        metrics.append(runId, records)
        const best = toColumn(checkpoint.best)
        insert.run({ ...checkpoint, runId, best, coveredStep: metrics.lastStep(runId), createdAt: Date.now() })
        return runs.update(runId, patch)
      }),
    remove: (runId, directories) =>
      transact(database, () => directories.forEach((directory) => remove.run(runId, directory))),
    markLastFinite: (runId) =>
      transact(database, () => {
        markNewest.run({ runId })
        return reader.newest(runId)
      }),
  }
}

/**
 * Which checkpoints may go: all but the two newest, the marked ones and the best, which is the one taken at `bestStep`,
 * the step of the run's best validation result.
 */
export function planPrune<Checkpoint extends Pick<RecordedCheckpoint, 'step' | 'mark'>>(
  checkpoints: readonly Checkpoint[],
  bestStep: number | null,
): Checkpoint[] {
  const newestFirst = [...checkpoints].sort((a, b) => b.step - a.step)
  return newestFirst.slice(keptGenerations).filter(({ step, mark }) => step !== bestStep && mark === null)
}
