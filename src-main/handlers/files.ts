import type { Handlers } from '../../src-core/contract/procedures/index.ts'
import type { FileToSave } from '../window/save-file.ts'

type FileHandlers = Pick<Handlers, Extract<keyof Handlers, `files.${string}`>>

/** `save` shows the system's dialog and writes the file. */
export function fileHandlers(save: (file: FileToSave) => Promise<string | null>): FileHandlers {
  return {
    'files.saveText': ({ text, ...file }) => save({ ...file, content: text }),
    'files.saveBinary': ({ bytes, ...file }) => save({ ...file, content: bytes }),
  }
}
