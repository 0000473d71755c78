import type { Handlers } from '../../src-core/contract/procedures/index.ts'
import { WorkbenchError } from '../../src-core/domain/errors.ts'
import type { Workspace } from '../../src-core/storage/workspace.ts'
import type { RecordReader } from '../reader/record-reader.ts'

type ReferenceHandlers = Pick<Handlers, Extract<keyof Handlers, `references.${string}`>>

/** Files are read and parsed in the reading thread; `chooseCurvesFile` shows the system's dialog. */
export function referenceHandlers(
  { references }: Workspace,
  reader: RecordReader,
  chooseCurvesFile: () => Promise<string | null>,
): ReferenceHandlers {
  const parse: Handlers['references.import'] = async (input) => {
    const file = input.from === 'dialog' ? await chooseCurvesFile() : null
    if (input.from === 'dialog' && file === null) return null
    const source = input.from === 'text' ? input : { file: file! }
    const { name, body, columns } = await reader.ask('parseCurves', source)
    const createdAt = Date.now()
    return { id: references.insert({ name, body, createdAt }), name, createdAt, ...columns }
  }
  return {
    'references.list': () => reader.ask('references', undefined),
    'references.import': parse,
    'references.rename': ({ referenceId, name }) => {
      if (references.rename(referenceId, name)) return
      throw new WorkbenchError('invalid-value', `There are no reference curves ${referenceId}.`, { referenceId })
    },
    'references.delete': ({ referenceId }) => {
      references.delete(referenceId)
    },
  }
}
