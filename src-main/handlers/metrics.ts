import type { Handlers } from '../../src-core/contract/procedures/index.ts'
import type { Workspace } from '../../src-core/storage/workspace.ts'
import type { RecordReader } from '../reader/record-reader.ts'
import type { SaveFile } from '../window/save-file.ts'

type MetricsHandlers = Pick<Handlers, Extract<keyof Handlers, `metrics.${string}`>>

/** Only names are read here: histories take longer than main may wait. */
export function metricsHandlers({ metrics }: Workspace, reader: RecordReader, save: SaveFile): MetricsHandlers {
  return {
    'metrics.names': ({ runId }) => metrics.names(runId),
    'metrics.history': (query) => reader.ask('drawn', query),
    'metrics.at': (query) => reader.ask('at', query),
    'metrics.saveCsv': ({ suggestedName, ...content }) =>
      save({ suggestedName, kind: 'csv' }, (file) => reader.ask('writeCsv', { ...content, file })),
  }
}
