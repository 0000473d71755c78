import Database from 'better-sqlite3'
import { WorkbenchError } from '../domain/errors.ts'

declare const access: unique symbol

/** A connection that a query may use: any. */
export type ReadableDatabase = Database.Database & { readonly [access]?: 'read' | 'write' }
/** A connection of the process that holds the workspace's lock. */
export type WritableDatabase = Database.Database & { readonly [access]: 'write' }

/** "ABLT": tells our files from other SQLite databases. */
export const applicationId = 0x41424c54

/** Versions before this one can corrupt a WAL database that has two connections (the WAL-reset bug). */
const oldestSafeSqlite = [3, 51, 3] as const

/** How long a statement waits for another connection's lock, in milliseconds. */
const busyTimeout = 5000

export interface ConnectionOptions {
  /** Path of the compiled better-sqlite3 addon, when it is not the one that belongs to this runtime's Node. */
  readonly nativeBinding?: string
}

/**
 * Opens the database of a workspace for writing. Creates the file when there is none.
 * @throws WorkbenchError `internal` when the SQLite library is too old to be safe; SQLite's own errors otherwise.
 */
export function openForWriting(file: string, options: ConnectionOptions = {}): WritableDatabase {
  return configured(connect(file, { timeout: busyTimeout }, options), (database) => {
    database.pragma('journal_mode = WAL')
    // better-sqlite3 is built with NORMAL for WAL, which may lose commits when the power fails.
    database.pragma('synchronous = FULL')
  }) as WritableDatabase
}

/**
 * Opens the database for reading, also while another process writes to it.
 * @throws as `openForWriting`
 */
export function openForReading(file: string | Buffer, options: ConnectionOptions = {}): ReadableDatabase {
  const readonly = typeof file === 'string'
  return configured(connect(file, { readonly, timeout: busyTimeout }, options), (database) => {
    // Halves the time to read whole histories, and reserves addresses only.
    database.pragma(`mmap_size = ${2 ** 31}`)
  })
}

/** An empty database that lives in memory and ends with the process. */
export function openInMemory(options: ConnectionOptions = {}): WritableDatabase {
  return configured(connect(':memory:', {}, options), () => {}) as WritableDatabase
}

function connect(file: string | Buffer, settings: Database.Options, options: ConnectionOptions): Database.Database {
  const binding = options.nativeBinding === undefined ? {} : { nativeBinding: options.nativeBinding }
  return new Database(file, { ...settings, ...binding })
}

function configured(database: Database.Database, more: (database: Database.Database) => void): Database.Database {
  try {
    requireSafeSqlite(database)
    database.pragma('foreign_keys = ON')
    // Both are SQLite's advice for files that someone else may have touched.
    database.pragma('trusted_schema = OFF')
    database.pragma('cell_size_check = ON')
    more(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** The version of the SQLite library that better-sqlite3 brings. */
export function sqliteVersion(options: ConnectionOptions = {}): string {
  const database = connect(':memory:', {}, options)
  try {
    return versionOf(database)
  } finally {
    database.close()
  }
}

function versionOf(database: Database.Database): string {
  return database.prepare('SELECT sqlite_version()').pluck().get() as string
}

function requireSafeSqlite(database: Database.Database): void {
  const version = versionOf(database)
  if (isSafeSqlite(version)) return
  const needed = oldestSafeSqlite.join('.')
  throw new WorkbenchError('internal', `SQLite ${version} can corrupt a workspace; ${needed} or newer is needed.`)
}

/** Whether this SQLite version has the repair of the WAL-reset bug. */
export function isSafeSqlite(version: string): boolean {
  const parts = version.split('.').map(Number)
  const differing = oldestSafeSqlite.findIndex((needed, index) => parts[index] !== needed)
  return differing === -1 || (parts[differing] ?? 0) > oldestSafeSqlite[differing]!
}

/**
 * Runs `work` in one transaction that takes the write lock at once; throwing inside rolls everything back.
 * Inside another transaction it becomes a part of that one.
 */
export function transact<T>(database: WritableDatabase, work: () => T): T {
  return database.transaction(work).immediate()
}
