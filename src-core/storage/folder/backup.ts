import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ReadableDatabase } from '../database.ts'

const folder = 'backups'
const oneDay = 24 * 3600 * 1000
const keptDaily = 3

function backupsOf(directory: string): string[] {
  const path = join(directory, folder)
  if (!existsSync(path)) return []
  // Names begin with the time in a form that sorts.
  return readdirSync(path)
    .filter((name) => /^ablate-.*\.db$/.test(name))
    .sort()
    .map((name) => join(path, name))
}

/** The newest backup of a workspace, null when there is none. */
export function newestBackup(directory: string): string | null {
  return backupsOf(directory).at(-1) ?? null
}

/**
 * Copies the database into `backups/`, whole or not at all. Takes about a second per 200 MB.
 * @returns the path of the copy
 */
export function makeBackup(database: ReadableDatabase, directory: string, now: number, label: string): string {
  mkdirSync(join(directory, folder), { recursive: true })
  const stamp = new Date(now).toISOString().replace(/[:.]/g, '-')
  const file = join(directory, folder, `ablate-${stamp}-${label}.db`)
  const unfinished = `${file}.tmp`
  try {
    rmSync(unfinished, { force: true })
    database.prepare('VACUUM INTO ?').run(unfinished)
    renameSync(unfinished, file)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
  return file
}

/** Makes a backup when the newest is older than a day, and removes all but the newest few daily ones. */
export function makeDailyBackup(database: ReadableDatabase, directory: string, now: number): void {
  const newest = newestBackup(directory)
  const age = newest ? now - statSync(newest).mtimeMs : Infinity
  if (age < oneDay) return
  makeBackup(database, directory, now, 'daily')
  const daily = backupsOf(directory).filter((file) => file.endsWith('-daily.db'))
  for (const file of daily.slice(0, -keptDaily)) rmSync(file, { force: true })
}
