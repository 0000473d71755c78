import { rename, rm, writeFile } from 'node:fs/promises'
import type { SaveDialogOptions, SaveDialogReturnValue } from 'electron'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import type { BinaryFileKind, TextFileKind } from '../../src-core/contract/procedures/files.ts'

/** Shows the system's dialog to save a file. */
export type ShowSaveDialog = (options: SaveDialogOptions) => Promise<SaveDialogReturnValue>

export interface FileToSave {
  /** Without its ending. */
  readonly suggestedName: string
  readonly kind: TextFileKind | BinaryFileKind
  readonly content: string | Uint8Array
}

const kinds: Readonly<Record<FileToSave['kind'], { readonly title: string; readonly ending: string }>> = {
  csv: { title: 'Comma-separated values', ending: 'csv' },
  json: { title: 'JSON', ending: 'json' },
  svg: { title: 'Scalable vector graphics', ending: 'svg' },
  markdown: { title: 'Markdown', ending: 'md' },
  html: { title: 'Web page', ending: 'html' },
  png: { title: 'PNG picture', ending: 'png' },
  pdf: { title: 'PDF document', ending: 'pdf' },
}

/** A name that every file system takes: no separators, no signs that Windows refuses, no dots at the ends. */
export function safeFileName(name: string): string {
  const plain = name
    // eslint-disable-next-line no-control-regex
    .replaceAll(/[\u0000-\u001f<>:"/\\|?*]+/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^[. ]+|[. ]+$/g, '')
  return plain.slice(0, 120) || 'Ablate'
}

/**
 * Makes the function that lets the user choose where a file goes and writes it there; it answers the path, null when
 * cancelled. The file is written aside and renamed, so that a full disk leaves what was there before.
 * @throws WorkbenchError `disk-full`, `invalid-value` when the place cannot be written to.
 */
export function fileSaver(show: ShowSaveDialog): (file: FileToSave) => Promise<string | null> {
  return async ({ suggestedName, kind, content }) => {
    const { title, ending } = kinds[kind]
    const { canceled, filePath } = await show({
      title: `Save as ${ending.toUpperCase()}`,
      buttonLabel: 'Save',
      defaultPath: `${safeFileName(suggestedName)}.${ending}`,
      filters: [{ name: title, extensions: [ending] }],
      properties: ['showOverwriteConfirmation', 'createDirectory'],
    })
    if (canceled || !filePath) return null
    await write(filePath, content)
    return filePath
  }
}

async function write(path: string, content: string | Uint8Array): Promise<void> {
  const aside = `${path}.${process.pid}.part`
  try {
    await writeFile(aside, content, { flag: 'wx' })
    await rename(aside, path)
  } catch (error) {
    // What cannot be removed was not written either.
    await rm(aside, { force: true }).catch(() => undefined)
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOSPC') throw new WorkbenchError('disk-full', `There is no room on the disk for ${path}.`, { path })
    throw new WorkbenchError('invalid-value', `${path} cannot be written: ${message}. Choose another place.`, { path })
  }
}
