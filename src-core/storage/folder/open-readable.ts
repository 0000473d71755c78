import { existsSync, readFileSync } from 'node:fs'
import { openForReading, openInMemory, type ConnectionOptions, type ReadableDatabase } from '../database.ts'
import type { WritableDatabase } from '../database.ts'
import { latestVersion, migrate, schemaVersion } from '../migrate.ts'
import type { Migration } from '../migrations/index.ts'
import { isDamage } from '../storage-error.ts'
import { damagedForReading, readHeader, requireOurs, requireOursOpened } from './inspect.ts'

/** Where the header says how the file is written and read: 1 is a rollback journal, 2 a write-ahead log. */
const journalBytes = [18, 19] as const

/**
 * Opens the database in `file` for reading only. Nothing is written, not even by an upgrade: what is older than this
 * version is read into memory and upgraded there, and where there is no file an empty record takes its place.
 * @throws WorkbenchError `workspace-newer`, `workspace-foreign`, `workspace-damaged`.
 */
export function openReadable(
  file: string,
  options: ConnectionOptions,
  migrations: readonly Migration[],
): ReadableDatabase {
  const header = readHeader(file)
  if (header === 'absent' || header === 'empty') return emptyRecord(options, migrations)
  if (header === 'not-a-database') throw damagedForReading(file)
  requireOurs(file, header, migrations)
  try {
    return upgraded(opened(file, options), file, options, migrations)
  } catch (error) {
    throw isDamage(error) ? damagedForReading(file) : error
  }
}

function emptyRecord(options: ConnectionOptions, migrations: readonly Migration[]): ReadableDatabase {
  const database = openInMemory(options)
  migrate(database, migrations)
  return database
}

/**
 * SQLite reads a file in WAL mode only where it may create its shared-memory file or finds one. A folder that cannot
 * be written and that was closed properly has neither, so its file is read into memory.
 */
function opened(file: string, options: ConnectionOptions): ReadableDatabase {
  let database: ReadableDatabase | null = null
  try {
    database = openForReading(file, options)
    database.prepare('SELECT count(*) FROM sqlite_schema').get()
    return database
  } catch (error) {
    database?.close()
    const code = (error as { code?: string }).code ?? ''
    if (!/^SQLITE_(CANTOPEN|READONLY)/.test(code) || existsSync(`${file}-wal`)) throw error
    return inMemory(readFileSync(file), options)
  }
}

function inMemory(bytes: Buffer, options: ConnectionOptions): WritableDatabase {
  for (const offset of journalBytes) bytes[offset] = 1
  return openForReading(bytes, options) as WritableDatabase
}

function upgraded(
  database: ReadableDatabase,
  file: string,
  options: ConnectionOptions,
  migrations: readonly Migration[],
): ReadableDatabase {
  try {
    requireOursOpened(file, database, migrations)
    if (schemaVersion(database) === latestVersion(migrations)) return database
    const copy = inMemory(database.serialize(), options)
    migrate(copy, migrations)
    database.close()
    return copy
  } catch (error) {
    database.close()
    throw error
  }
}
