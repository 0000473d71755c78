import type { RunId } from '../../domain/ids.ts'
import type { ReadableDatabase, WritableDatabase } from '../database.ts'

export type RunEventKind = 'state' | 'checkpoint' | 'export' | 'note' | 'error'

/** A line of a run's log. */
export interface RunEventRecord {
  /** Milliseconds since 1970. */
  at: number
  step: number
  kind: RunEventKind
  message: string
}

export interface RunEventReader {
  /** A run's log, oldest first. */
  list(runId: RunId): RunEventRecord[]
}

export interface RunEventWriter extends RunEventReader {
  add(runId: RunId, event: RunEventRecord): void
}

export function runEventReader(database: ReadableDatabase): RunEventReader {
  const select = database.prepare<[string], RunEventRecord>(
    'SELECT at, step, kind, message FROM run_events WHERE run_id = ? ORDER BY id',
  )
  return { list: (runId) => select.all(runId) }
}

export function runEventWriter(database: WritableDatabase): RunEventWriter {
  const insert = database.prepare('INSERT INTO run_events (run_id, at, step, kind, message) VALUES (?, ?, ?, ?, ?)')
  return {
    ...runEventReader(database),
    add: (runId, { at, step, kind, message }) => void insert.run(runId, Math.round(at), step, kind, message),
  }
}
