import { createHash } from 'node:crypto'
import { open, rename, type FileHandle } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { WorkbenchError } from '../../domain/errors.ts'

/** A file as a manifest lists it. */
export interface FileFacts {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

async function withOpenFile(path: string, flags: string, use: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, flags)
  try {
    await use(file)
  } finally {
    await file.close()
  }
}

/** Turns a full disk into an error that says so; passes everything else on. */
function explainWriteError(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error
  return new WorkbenchError('disk-full', `There is no room left on the disk to write ${path}. Free some and resume.`, {
    path,
  })
}

/**
 * Writes the chunks to a new file and returns once they are on the disk itself.
 * @throws WorkbenchError `disk-full`; the file system's own error for the rest.
 */
export async function writeDurably(
  path: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<FileFacts> {
  const hash = createHash('sha256')
  let bytes = 0
  const write = async (file: FileHandle): Promise<void> => {
    for await (const chunk of chunks) {
      hash.update(chunk)
      await file.writeFile(chunk)
      bytes += chunk.byteLength
    }
    await file.sync()
  }
  try {
    await withOpenFile(path, 'wx', write)
  } catch (error) {
    throw explainWriteError(error, path)
  }
  return { name: basename(path), bytes, sha256: hash.digest('hex') }
}

/** Makes new and renamed entries of a directory survive a power cut. Windows has no such call and needs none. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return
  await withOpenFile(path, 'r', (directory) => directory.sync())
}

/**
 * Gives a finished directory its final name, durably.
 * @throws the file system's own error, such as ENOTEMPTY, when something other than an empty folder has that name.
 */
export async function publishDirectory(temporary: string, target: string): Promise<void> {
  await syncDirectory(temporary)
  await rename(temporary, target)
  await syncDirectory(dirname(target))
}

export function textBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export function jsonBytes(value: unknown): Uint8Array {
  return textBytes(`${JSON.stringify(value, null, 2)}\n`)
}
