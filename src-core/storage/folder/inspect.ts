import { closeSync, existsSync, openSync, readSync, renameSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { WorkbenchError } from '../../domain/errors.ts'
import { applicationId, type ReadableDatabase } from '../database.ts'
import { latestVersion, schemaVersion } from '../migrate.ts'
import type { Migration } from '../migrations/index.ts'
import { isDamage } from '../storage-error.ts'
import { newestBackup } from './backup.ts'

const headerLength = 100
const magic = 'SQLite format 3\0'

/** What the first bytes of a file say, read without SQLite so that nothing is touched. */
export type HeaderFinding = 'absent' | 'empty' | 'not-a-database' | { applicationId: number; userVersion: number }

/** Reads the header of a database file. A file of 0 bytes is new only when no write-ahead log lies beside it. */
export function readHeader(file: string): HeaderFinding {
  const size = statSync(file, { throwIfNoEntry: false })?.size
  const logged = (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0
  if (size === undefined) return logged ? 'not-a-database' : 'absent'
  if (size === 0) return logged ? 'not-a-database' : 'empty'
  const header = Buffer.alloc(headerLength)
  const descriptor = openSync(file, 'r')
  const length = readSync(descriptor, header, 0, headerLength, 0)
  closeSync(descriptor)
  if (length < headerLength || header.toString('latin1', 0, magic.length) !== magic) return 'not-a-database'
  return { userVersion: header.readInt32BE(60), applicationId: header.readInt32BE(68) }
}

/**
 * Refuses a file that is not ours or that a newer Ablate wrote.
 * @throws WorkbenchError `workspace-foreign`, `workspace-newer`.
 */
export function requireOurs(
  file: string,
  found: { applicationId: number; userVersion: number },
  migrations: readonly Migration[],
): void {
  // 0 and 0: a file whose creation was cut off before the first commit. What it holds is checked once it is open.
  if (found.applicationId === 0 && found.userVersion === 0) return
  if (found.applicationId !== applicationId) throw foreignError(file)
  const known = latestVersion(migrations)
  if (found.userVersion <= known) return
  throw new WorkbenchError(
    'workspace-newer',
    `${file} was written by a newer Ablate (version ${found.userVersion} of the record, this one knows ${known}). ` +
      'Nothing was changed. Open it with the newer Ablate, or choose another workspace.',
    { file, found: found.userVersion, known },
  )
}

/**
 * As `requireOurs` for an open database, whose write-ahead log may say more than the header of the file.
 * @throws WorkbenchError `workspace-foreign`, `workspace-newer`.
 */
export function requireOursOpened(file: string, database: ReadableDatabase, migrations: readonly Migration[]): void {
  const id = database.pragma('application_id', { simple: true }) as number
  requireOurs(file, { applicationId: id, userVersion: schemaVersion(database) }, migrations)
  const tables = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() as number
  if (id === 0 && tables > 0) throw foreignError(file)
}

function foreignError(file: string): WorkbenchError {
  const message = `${file} is a database of another program. Nothing was changed. Choose another folder.`
  return new WorkbenchError('workspace-foreign', message, { file })
}

/** Whether SQLite finds the structure of the whole file sound. Reads all of it: some seconds per gigabyte. */
export function isSound(database: ReadableDatabase): boolean {
  try {
    return database.pragma('quick_check(1)', { simple: true }) === 'ok'
  } catch (error) {
    // A check that cannot be carried out, such as one that calls a function that does not exist, was damaged too.
    if (isDamage(error) || (error as { code?: unknown }).code === 'SQLITE_ERROR') return false
    throw error
  }
}

/**
 * Sets a damaged database aside under another name, with what belongs to it, and answers the error that says so.
 * Nothing is deleted.
 */
export function setAside(file: string): WorkbenchError {
  const directory = dirname(file)
  const name = freeName(directory)
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, join(directory, name + suffix))
  }
  const backup = newestBackup(directory)
  const restore = backup
    ? ` To go back to the newest backup, copy ${backup} to ${file} before that.`
    : ' There is no backup of it yet.'
  const message =
    `The record of the workspace ${directory} is damaged. It was set aside as ${name}, nothing was deleted. ` +
    `Opening the workspace again begins a new record.${restore}`
  return new WorkbenchError('workspace-damaged', message, { directory, file: join(directory, name), backup })
}

function freeName(directory: string): string {
  const stamp = new Date().toISOString().replace(/[:.]/g, '-')
  for (let count = 1; ; count++) {
    const name = `ablate.damaged-${stamp}${count > 1 ? `-${count}` : ''}.db`
    if (!existsSync(join(directory, name))) return name
  }
}

/** The error for a damaged file that must not be touched, because it was opened only for reading. */
export function damagedForReading(file: string): WorkbenchError {
  const message = `${basename(file)} in ${dirname(file)} is damaged. Open the workspace for writing to set it aside.`
  return new WorkbenchError('workspace-damaged', message, { file })
}
