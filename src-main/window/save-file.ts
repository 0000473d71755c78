import type { SaveDialogOptions, SaveDialogReturnValue } from 'electron'
import type { FileKind } from '../../src-core/contract/procedures/files.ts'
import { WorkbenchError } from '../../src-core/domain/errors.ts'

/** Shows the system's dialog to save a file. */
export type ShowSaveDialog = (options: SaveDialogOptions) => Promise<SaveDialogReturnValue>

/**
 * Lets the user choose a place and has the file written there; answers the place, null when cancelled.
 * @throws WorkbenchError `disk-full`, `workspace-read-only` or `internal` naming the file that could not be written.
 */
export type SaveFile = (
  what: { readonly suggestedName: string; readonly kind: FileKind },
  write: (file: string) => void | Promise<void>,
) => Promise<string | null>

const kinds: Readonly<Record<FileKind, string>> = {
  csv: 'Comma-separated values',
  json: 'JSON',
  svg: 'Vector picture',
  png: 'Picture',
  md: 'Markdown',
  html: 'Web page',
  pdf: 'PDF',
}

/** A name that every file system takes: no separators, no signs that Windows refuses, no dots at the ends. */
export function safeFileName(name: string): string {
  const plain = name
    .replaceAll(/[<>:"/\\|?*\p{Cc}]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^[. ]+|[. ]+$/g, '')
  return plain.slice(0, 120) || 'Ablate'
}

export function fileSaver(show: ShowSaveDialog): SaveFile {
  return async ({ suggestedName, kind }, write) => {
    const defaultPath = `${safeFileName(suggestedName)}.${kind}`
    const { canceled, filePath } = await show({ defaultPath, filters: [{ name: kinds[kind], extensions: [kind] }] })
    if (canceled || !filePath) return null
    try {
      await write(filePath)
      return filePath
    } catch (error) {
      throw explained(error, filePath)
    }
  }
}

function explained(error: unknown, file: string): WorkbenchError {
  if (error instanceof WorkbenchError) return error
  const code = (error as NodeJS.ErrnoException).code
  const full = code === 'ENOSPC' || code === 'EDQUOT'
  const reason = full ? 'The disk is full.' : (error as Error).message
  return new WorkbenchError(full ? 'disk-full' : 'internal', `${file} could not be written. ${reason}`, { file })
}
