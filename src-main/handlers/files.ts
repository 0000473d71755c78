import type { Handlers } from '../../src-core/contract/procedures/index.ts'
import { writeAside } from '../../src-core/storage/files/write-aside.ts'
import type { SaveFile } from '../window/save-file.ts'

type FileHandlers = Pick<Handlers, Extract<keyof Handlers, `files.${string}`>>

export function fileHandlers(save: SaveFile): FileHandlers {
  return {
    'files.saveText': ({ suggestedName, kind, text }) =>
      save({ suggestedName, kind }, (file) => writeAside(file, text)),
    'files.saveBinary': ({ suggestedName, kind, bytes }) =>
      save({ suggestedName, kind }, (file) => writeAside(file, bytes)),
  }
}
