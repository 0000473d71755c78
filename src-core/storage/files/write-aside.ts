import { randomUUID } from 'node:crypto'
import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'

type Content = string | Uint8Array

/** Beside the file, so that renaming stays on one disk; no other file is called so, and no other writer takes it. */
function placeAside(file: string): string {
  return `${file}.${randomUUID()}.part`
}

/**
 * Writes a file aside and gives it its name when it is whole: what fails, as on a full disk, leaves what was there
 * before and nothing else.
 */
export async function writeAside(file: string, content: Content): Promise<void> {
  const aside = placeAside(file)
  const handle = await open(aside, 'wx')
  try {
    await handle.writeFile(content).finally(() => handle.close())
    await rename(aside, file)
  } catch (error) {
    // What cannot be removed is no reason to hide why the file could not be written.
    await rm(aside, { force: true }).catch(() => undefined)
    throw error
  }
}

/** As `writeAside`, in one go, for a thread that may wait; `write` adds the content, in as many pieces as it likes. */
export function writeAsideSync(file: string, write: (add: (content: Content) => void) => void): void {
  const aside = placeAside(file)
  const descriptor = openSync(aside, 'wx')
  try {
    try {
      // Not `writeSync`, which may write less than it was given.
      write((content) => writeFileSync(descriptor, content))
    } finally {
      closeSync(descriptor)
    }
    renameSync(aside, file)
  } catch (error) {
    removeQuietly(aside)
    throw error
  }
}

function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // As above.
  }
}
