import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CheckpointInfo } from '../../domain/checkpoint.ts'
import { WorkbenchError } from '../../domain/errors.ts'

const generation = /^step-\d{9,}$/
/** Ends the name of a run's folder while its purge is not yet finished. */
const purgedSuffix = '.purged'

/** Whether the folder of a recorded checkpoint is there. Whether it is whole is for its reader to find out. */
export function isPresent(runDirectory: string, { directory }: CheckpointInfo): boolean {
  return existsSync(join(runDirectory, directory, 'manifest.json'))
}

/**
 * Makes sure that a checkpoint lies where the trainer says, before it is recorded.
 * @throws WorkbenchError `checkpoint-missing`, `checkpoint-damaged`.
 */
export function requireWritten(runDirectory: string, checkpoint: CheckpointInfo): void {
  const path = join(runDirectory, checkpoint.directory)
  if (!isPresent(runDirectory, checkpoint)) {
    throw new WorkbenchError('checkpoint-missing', `The trainer reported the checkpoint ${path}, but it is not there.`)
  }
  const found = createHash('sha256')
    .update(readFileSync(join(path, 'manifest.json')))
    .digest('hex')
  if (found === checkpoint.manifestSha256) return
  throw new WorkbenchError('checkpoint-damaged', `The manifest of ${path} is not the one that the trainer reported.`)
}

/** Removes a checkpoint's folder. Takes a while for large networks, hence not at once. */
export async function removeGeneration(runDirectory: string, directory: string): Promise<void> {
  await rm(join(runDirectory, directory), { recursive: true, force: true })
}

/**
 * Keeps a damaged checkpoint under a name of its own until its run is purged; answers its path. Asked again, it answers
 * the same.
 */
export function setAsideGeneration(runDirectory: string, directory: string): string {
  const original = join(runDirectory, directory)
  const path = (number: number): string => `${original}.damaged${number === 1 ? '' : `-${number}`}`
  let free = 1
  while (existsSync(path(free))) free++
  if (!existsSync(original)) return path(Math.max(1, free - 1))
  renameSync(original, path(free))
  return path(free)
}

/** Folders that a trainer did not finish, and whole ones that are not among the recorded. */
export function leftovers(
  runDirectory: string,
  recorded: readonly string[],
): { unfinished: string[]; orphans: string[] } {
  const names = existsSync(runDirectory) ? readdirSync(runDirectory) : []
  return {
    unfinished: names.filter((name) => name.endsWith('.tmp')),
    orphans: names.filter((name) => generation.test(name) && !recorded.includes(name)),
  }
}

/** Removes folders of a run by name. */
export function removeNamed(runDirectory: string, names: readonly string[]): void {
  for (const name of names) rmSync(join(runDirectory, name), { recursive: true, force: true })
}

/**
 * Purging in three steps that can be cut off anywhere: the folder is renamed, the rows are deleted (`forget`), the
 * folder is removed. `finishPurges` ends or undoes what was cut off.
 */
export async function purgeFolder(runDirectory: string, forget: () => void): Promise<void> {
  const marked = runDirectory + purgedSuffix
  const exists = existsSync(runDirectory)
  if (exists) renameSync(runDirectory, marked)
  try {
    forget()
  } catch (error) {
    if (exists) renameSync(marked, runDirectory)
    throw error
  }
  await rm(marked, { recursive: true, force: true })
}

/** Removes the folders of purged runs that are still there, and gives back those whose run was not yet deleted. */
export function finishPurges(checkpointsDirectory: string, isKnown: (runId: string) => boolean): void {
  const names = existsSync(checkpointsDirectory) ? readdirSync(checkpointsDirectory) : []
  for (const name of names.filter((one) => one.endsWith(purgedSuffix))) {
    const runId = name.slice(0, -purgedSuffix.length)
    if (isKnown(runId)) renameSync(join(checkpointsDirectory, name), join(checkpointsDirectory, runId))
    else removeNamed(checkpointsDirectory, [name])
  }
}
