import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { WorkbenchError } from '../domain/errors.ts'
import type { RunId } from '../domain/ids.ts'
import type { Run } from '../domain/run.ts'
import { isActive } from '../domain/run-status.ts'
import {
  openForReading,
  openForWriting,
  transact,
  type ConnectionOptions,
  type ReadableDatabase,
  type WritableDatabase,
} from './database.ts'
import { makeBackup, makeDailyBackup } from './folder/backup.ts'
import { leaveCleanMark, takeCleanMark } from './folder/clean-mark.ts'
import { datasetsFolder, datasetsIn, type Datasets } from './folder/datasets.ts'
import { damagedForReading, isSound, readHeader, requireOurs, requireOursOpened, setAside } from './folder/inspect.ts'
import { isHeld, takeLock, type WorkspaceLock } from './folder/lock.ts'
import { openReadable } from './folder/open-readable.ts'
import { measureUsage, type WorkspaceUsage } from './folder/usage.ts'
import { latestVersion, migrate, schemaVersion } from './migrate.ts'
import { migrations as allMigrations, type Migration } from './migrations/index.ts'
import { readersOf, writersOf, type RecordReaders, type RecordWriters } from './records/index.ts'
import { completeSpecParts } from './records/run-list/spec-parts.ts'
import type { RunReader } from './records/runs.ts'
import { isDamage, translateStorageError, translating } from './storage-error.ts'

interface WorkspaceFolder {
  /** Absolute path. */
  readonly directory: string
  readonly exportsDirectory: string
  readonly datasetsDirectory: string
  readonly datasets: Datasets
  /** Folder of a run's checkpoints; it need not exist yet. */
  checkpointsDirectory(runId: RunId): string
  usage(): WorkspaceUsage
  close(): void
}

/** A workspace opened for reading, also while another process writes to it. */
export interface ReadableWorkspace extends WorkspaceFolder, RecordReaders {
  /** A number that is another one once somebody else has written. */
  dataVersion(): number
}

/** A workspace that this process alone writes. */
export interface Workspace extends WorkspaceFolder, RecordWriters {
  /** What was left for later, see `OpenOptions.deferUpkeep`: the check of the whole file, today's backup. */
  readonly upkeepDue: Upkeep
  /** What the user should know of the opening, such as a backup that failed. */
  readonly warnings: readonly string[]
  /** Says that the check that was left for later found nothing: without it the next opening checks the whole file. */
  trust(): void
  /** Lets the next opening check the whole file; answers what to tell the user, because the file is damaged. */
  distrust(): string
  /** Runs `work` in one transaction: all of its changes or none. */
  write<T>(work: () => T): T
}

/** What keeps a record safe and reads all of it: some seconds per gigabyte. */
export interface Upkeep {
  readonly check: boolean
  readonly backup: boolean
}

export interface OpenOptions extends ConnectionOptions {
  /**
   * Leaves for later what takes long: a check of the whole file that was closed properly, and today's backup. Whoever
   * asks for it does them with `keepUp` on another connection and tells the workspace what came of it.
   */
  readonly deferUpkeep?: boolean
  readonly readOnly?: boolean
  /** Who opens it, in words: shown to whoever finds the workspace locked. */
  readonly application: string
  /** For tests of upgrades. */
  readonly migrations?: readonly Migration[]
}

const databaseName = 'ablate.db'

/**
 * Opens the workspace in `directory`, creating what is missing. One process at a time may write; any number may read.
 * A folder without a record reads as an empty workspace.
 *
 * @throws WorkbenchError
 * `workspace-locked` another process writes to it; says which
 * `workspace-read-only` the folder or the file cannot be written
 * `workspace-newer`, `workspace-foreign` the file is not for this version, or not ours; it was not touched
 * `workspace-damaged` the file was set aside (writing) or left as it is (reading); says where it is and what to do
 * `disk-full`
 */
export function openWorkspace(directory: string, options: OpenOptions & { readOnly: true }): ReadableWorkspace
export function openWorkspace(directory: string, options: OpenOptions & { readOnly?: false }): Workspace
export function openWorkspace(directory: string, options: OpenOptions): Workspace | ReadableWorkspace {
  const path = resolve(directory)
  return translating(path, () => (options.readOnly ? openForReaders(path, options) : openForWriter(path, options)))
}

function folderOf(directory: string, file: string): Omit<WorkspaceFolder, 'close'> {
  return {
    directory,
    exportsDirectory: join(directory, 'exports'),
    datasetsDirectory: datasetsFolder(directory),
    datasets: datasetsIn(datasetsFolder(directory)),
    checkpointsDirectory: (runId) => join(directory, 'checkpoints', runId),
    usage: () => measureUsage(directory, file),
  }
}

function openForReaders(directory: string, options: OpenOptions): ReadableWorkspace {
  const file = join(directory, databaseName)
  const database = openReadable(file, options, options.migrations ?? allMigrations)
  const readers = readersOf(database, file)
  const runs = withoutGhosts(readers.runs, () => isHeld(directory))
  const dataVersion = (): number => database.pragma('data_version', { simple: true }) as number
  return { ...folderOf(directory, file), ...readers, runs, dataVersion, close: () => void database.close() }
}

/** Where nobody writes, nothing trains: what the record still calls running was interrupted by a crash. */
function withoutGhosts(runs: RunReader, isWritten: () => boolean): RunReader {
  const present = (run: Run): Run => (isActive(run.state) && !isWritten() ? { ...run, state: 'interrupted' } : run)
  return {
    ...runs,
    list: (filter) => runs.list(filter).map(present),
    find: (id) => {
      const run = runs.find(id)
      return run && present(run)
    },
  }
}

function openForWriter(directory: string, options: OpenOptions): Workspace {
  createFolders(directory)
  const lock = takeLock(directory, options.application)
  try {
    return openLocked(directory, options, lock)
  } catch (error) {
    lock.release()
    throw error
  }
}

function createFolders(directory: string): void {
  if (existsSync(directory) && !statSync(directory).isDirectory()) {
    throw new WorkbenchError(
      'workspace-foreign',
      `${directory} is a file. A workspace is a folder: choose another path.`,
    )
  }
  for (const part of ['', 'checkpoints', 'datasets', 'exports']) mkdirSync(join(directory, part), { recursive: true })
  accessSync(directory, constants.W_OK)
}

function openLocked(directory: string, options: OpenOptions, lock: WorkspaceLock): Workspace {
  const file = join(directory, databaseName)
  const migrations = options.migrations ?? allMigrations
  const isClean = takeCleanMark(directory, file)
  const defers = options.deferUpkeep === true
  const upkeepDue = { check: isClean && defers, backup: defers }
  const database = openSound(file, options, migrations, upkeepDue.check)
  const warnings: string[] = []
  try {
    prepareRecord(database, directory, migrations, warnings, upkeepDue.backup)
  } catch (error) {
    database.close()
    throw error
  }
  let isTrusted = !upkeepDue.check
  const trust = (): void => void (isTrusted = true)
  const distrust = (): string => {
    isTrusted = false
    return damagedForReading(file).message
  }
  const close = (): void => {
    if (!database.open) return
    const isWhole = emptyLog(database)
    try {
      database.close()
    } finally {
      if (isTrusted && isWhole) leaveCleanMark(directory, file)
      lock.release()
    }
  }
  const write = <T>(work: () => T): T => translating(file, () => transact(database, work))
  const folder = folderOf(directory, file)
  for (const { directory: place, reason } of folder.datasets.imported().damaged) {
    warnings.push(`The data set in ${place} is damaged and cannot be used: ${reason}. It was left as it is.`)
  }
  return { ...folder, ...writersOf(database, file), upkeepDue, warnings, trust, distrust, write, close }
}

/**
 * Writes into the file itself what is still in its log, which SQLite does not do by itself while a reader is there.
 * Where that fails, as on a full disk, nothing is lost: the next opening reads the log.
 */
function emptyLog(database: WritableDatabase): boolean {
  try {
    database.pragma('wal_checkpoint(TRUNCATE)')
    return true
  } catch {
    return false
  }
}

/** Opens the file after looking at it from outside and, but for `skipCheck`, reading all of it; what is damaged is set aside. */
function openSound(
  file: string,
  options: OpenOptions,
  migrations: readonly Migration[],
  skipCheck: boolean,
): WritableDatabase {
  const header = readHeader(file)
  if (header === 'not-a-database') throw setAside(file)
  if (typeof header === 'object') requireOurs(file, header, migrations)
  if (typeof header === 'object' && header.applicationId === 0) lookInside(file, options, migrations)
  if (existsSync(file)) accessSync(file, constants.W_OK)
  let database: WritableDatabase | null = null
  try {
    database = openForWriting(file, options)
    requireOursOpened(file, database, migrations)
    if (skipCheck || isSound(database)) return database
  } catch (error) {
    database?.close()
    if (!isDamage(error)) throw error
  }
  if (database?.open) database.close()
  throw setAside(file)
}

/** A file without a mark is ours only when nothing is in it: found out without writing to it. */
function lookInside(file: string, options: OpenOptions, migrations: readonly Migration[]): void {
  const database = openForReading(file, options)
  try {
    requireOursOpened(file, database, migrations)
  } catch (error) {
    if (isDamage(error)) throw setAside(file)
    throw error
  } finally {
    database.close()
  }
}

function prepareRecord(
  database: WritableDatabase,
  directory: string,
  migrations: readonly Migration[],
  warnings: string[],
  deferBackup: boolean,
): void {
  const version = schemaVersion(database)
  // Without a copy there is no upgrade: the only record of the runs must not hang on a migration.
  if (version > 0 && version < latestVersion(migrations)) {
    makeBackup(database, directory, Date.now(), `before-version-${latestVersion(migrations)}`)
  }
  migrate(database, migrations)
  completeSpecParts(database)
  if (version === 0 || deferBackup) return
  const problem = tryDailyBackup(database, directory)
  if (problem) warnings.push(problem)
}

function tryDailyBackup(database: ReadableDatabase, directory: string): string | null {
  try {
    makeDailyBackup(database, directory, Date.now())
    return null
  } catch (error) {
    const cause = translateStorageError(error, directory)
    return `Today's backup of the record failed: ${cause instanceof Error ? cause.message : String(cause)}`
  }
}

/**
 * Does what the opening of a workspace left for later, on a connection of its own that reads only.
 * @returns what the user should know; `damaged` when the file is not sound: it is set aside at the next opening
 */
export function keepUp(
  directory: string,
  due: Upkeep,
  options: ConnectionOptions,
): { damaged: boolean; warnings: string[] } {
  const file = join(directory, databaseName)
  const database = openForReading(file, options)
  try {
    if (due.check && !isSound(database)) return { damaged: true, warnings: [] }
    const problem = due.backup ? tryDailyBackup(database, directory) : null
    return { damaged: false, warnings: problem ? [problem] : [] }
  } finally {
    database.close()
  }
}
