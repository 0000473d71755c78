import { WorkbenchError } from '../../domain/errors.ts'
import { environmentSchema, type Environment } from '../../domain/environment.ts'
import type { RunId } from '../../domain/ids.ts'
import type { RunList } from '../../domain/run-list/run-list.ts'
import type { Run } from '../../domain/run.ts'
import { activeStates, type RunState } from '../../domain/run-status.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import { transact, type ReadableDatabase, type WritableDatabase } from '../database.ts'
import { runSummaries } from './metrics/summary.ts'
import { runListReader } from './run-list/run-list.ts'
import { specPartsWriter } from './run-list/spec-parts.ts'
import { tagReader, tagWriter, type TagChange } from './tags.ts'
import { parseOptionalColumn } from './json-columns.ts'
import { changeableColumns, patchColumns, toRun, type RunPatch, type RunRow } from './run-rows.ts'
import { specHash } from './spec-hash.ts'

/** What must be known to record a new run. It gets the lowest colour that no run outside the trash has. */
export interface NewRun {
  readonly id: RunId
  readonly name: string
  readonly spec: RunSpec
  readonly parameters: number
  readonly createdAt: number
}

/** A run that has yet to read its first weights from somewhere. */
export interface AwaitedSource {
  readonly runId: RunId
  readonly name: string
  /** As `training.transfer.from` says it. */
  readonly from: string
}

export interface RunReader {
  /** Every run, those in the trash included, in the order of `list`, as columns: for tables of thousands. */
  columns(): RunList
  /** Runs outside the trash (or inside it), newest first; those recorded together, such as a grid's, in their order. */
  list(filter: { deleted: boolean }): Run[]
  find(id: RunId): Run | null
  /** Ids of all runs, those in the trash included. */
  ids(): RunId[]
  /** The environment of the run outside the trash that started last; null before there is one. */
  newestEnvironment(): Environment | null
  /** Ids of the queued runs, next first. */
  queue(): RunId[]
  /** Ids of the runs for which the record says that a trainer exists. */
  active(): RunId[]
  /** TensorFlow's thread count that was asked for when the run began; null left it to TensorFlow. */
  requestedThreads(id: RunId): number | null
  /** Where runs begin that can still begin: they have no checkpoint of their own and did not end for good. */
  awaitedSources(): AwaitedSource[]
}

export interface RunWriter extends RunReader {
  /** Records a run as paused at step 0. */
  insert(run: NewRun): Run
  /**
   * Changes fields of a run.
   * @throws WorkbenchError `run-not-found`.
   */
  update(id: RunId, patch: RunPatch): Run
  /** Gives the queued runs their places; `ids` are all of them. */
  writeQueue(ids: readonly RunId[]): void
  setRequestedThreads(id: RunId, threads: number | null): void
  /**
   * Adds and removes tags of a run, without reading the run.
   * @throws WorkbenchError `run-not-found`; `invalid-value` for more tags than a run may have.
   */
  changeTags(id: RunId, change: TagChange): void
  /** Replaces the notes of a run, without reading it. @throws WorkbenchError `run-not-found`. */
  setNotes(id: RunId, notes: string): void
  /** Deletes a run, its points, its artifacts, its checkpoint rows and its log. */
  remove(id: RunId): void
}

const quoted = (states: readonly RunState[]): string => states.map((state) => `'${state}'`).join(', ')

/** Queries over runs. */
export function runReader(database: ReadableDatabase): RunReader {
  const select = `SELECT runs.*, (SELECT max(step) FROM checkpoints WHERE run_id = runs.id) AS checkpoint_step FROM runs`
  const byId = database.prepare<[string], RunRow & { checkpoint_step: number | null }>(`${select} WHERE id = ?`)
  const all = database.prepare<[number], RunRow & { checkpoint_step: number | null }>(
    `${select} WHERE (deleted_at IS NOT NULL) = ? ORDER BY created_at DESC, runs.rowid`,
  )
  const ids = database.prepare('SELECT id FROM runs').pluck()
  const environment = database
    .prepare<[], string>(
      'SELECT environment FROM runs WHERE environment IS NOT NULL AND deleted_at IS NULL ORDER BY started_at DESC LIMIT 1',
    )
    .pluck()
  const queue = database.prepare("SELECT id FROM runs WHERE state = 'queued' ORDER BY queue_position").pluck()
  const active = database.prepare(`SELECT id FROM runs WHERE state IN (${quoted(activeStates)})`).pluck()
  const threads = database.prepare('SELECT requested_threads FROM runs WHERE id = ?').pluck()
  // Specs of version 1 know no transfer, so the path is right for all of them.
  const sources = database.prepare<[], AwaitedSource>(`
    SELECT id AS runId, name, CASE WHEN json_valid(spec) THEN spec ->> '$.training.transfer.from' END AS "from"
    FROM runs WHERE "from" IS NOT NULL AND state NOT IN ('finished', 'diverged')
      AND NOT EXISTS (SELECT 1 FROM checkpoints WHERE run_id = runs.id)`)
  const metrics = runSummaries(database)
  const tags = tagReader(database)
  const assemble = (row: RunRow & { checkpoint_step: number | null }): Run =>
    toRun(row, { metrics: metrics(row.id), tags: tags(row.id), checkpointStep: row.checkpoint_step })
  return {
    columns: runListReader(database),
    list: ({ deleted }) => all.all(deleted ? 1 : 0).map(assemble),
    find: (id) => {
      const row = byId.get(id)
      return row ? assemble(row) : null
    },
    ids: () => ids.all() as RunId[],
    newestEnvironment: () =>
      parseOptionalColumn(environmentSchema, environment.get() ?? null, 'the newest environment'),
    queue: () => queue.all() as RunId[],
    active: () => active.all() as RunId[],
    requestedThreads: (id) => (threads.get(id) as number | null | undefined) ?? null,
    awaitedSources: () => sources.all(),
  }
}

/** Queries and changes of runs. */
export function runWriter(database: WritableDatabase): RunWriter {
  const reader = runReader(database)
  const row = database.prepare<[string], RunRow>('SELECT * FROM runs WHERE id = ?')
  const write = database.prepare(
    `UPDATE runs SET ${changeableColumns.map((column) => `${column} = @${column}`).join(', ')} WHERE id = @id`,
  )
  const place = database.prepare('UPDATE runs SET queue_position = ? WHERE id = ?')
  const threads = database.prepare('UPDATE runs SET requested_threads = ? WHERE id = ?')
  const remove = database.prepare('DELETE FROM runs WHERE id = ?')
  const exists = database.prepare('SELECT 1 FROM runs WHERE id = ?')
  const writeNotes = database.prepare('UPDATE runs SET notes = ? WHERE id = ?')
  const insert = insertStatement(database)
  const writeTags = tagWriter(database)
  const update = (id: RunId, patch: RunPatch): Run => {
    const present = row.get(id)
    if (!present) throw runNotFound(id)
    write.run({ ...present, ...patchColumns(patch) })
    return reader.find(id)!
  }
  return {
    ...reader,
    insert: (run) => {
      transact(database, () => insert(run))
      return reader.find(run.id)!
    },
    update: (id, patch) => transact(database, () => update(id, patch)),
    changeTags: (id, change) =>
      transact(database, () => {
        if (exists.get(id) === undefined) throw runNotFound(id)
        writeTags(id, change)
      }),
    setNotes: (id, notes) => {
      if (writeNotes.run(notes, id).changes === 0) throw runNotFound(id)
    },
    writeQueue: (ids) => transact(database, () => ids.forEach((id, position) => place.run(position, id))),
    setRequestedThreads: (id, count) => void threads.run(count, id),
    remove: (id) => void remove.run(id),
  }
}

function insertStatement(database: WritableDatabase): (run: NewRun) => void {
  const colors = database.prepare('SELECT color FROM runs WHERE deleted_at IS NULL').pluck()
  const statement = database.prepare(`
    INSERT INTO runs (id, name, state, spec, spec_hash, color, parameters, step, epoch, active_time, created_at)
    VALUES (@id, @name, 'paused', @spec, @specHash, @color, @parameters, 0, 0, 0, @createdAt)`)
  const writeParts = specPartsWriter(database)
  return ({ id, name, spec, parameters, createdAt }) => {
    const color = lowestFree(colors.all() as number[])
    const text = JSON.stringify(spec)
    const created = Math.round(createdAt)
    statement.run({ id, name, spec: text, specHash: specHash(spec), color, parameters, createdAt: created })
    writeParts(id, spec)
  }
}

/** The smallest number from 0 that is not among the taken ones. */
export function lowestFree(taken: readonly number[]): number {
  const used = new Set(taken)
  let free = 0
  while (used.has(free)) free++
  return free
}

/** The error for an id that the record does not know. */
export function runNotFound(id: string): WorkbenchError {
  return new WorkbenchError('run-not-found', `There is no run ${id} in this workspace.`, { runId: id })
}
