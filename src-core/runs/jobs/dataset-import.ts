import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { fromImporterSchema, type FromImporter, type ToImporter } from '../../contract/importer-protocol.ts'
import type { StartImporter } from '../../contract/trainer-process.ts'
import { builtInDatasets } from '../../domain/dataset.ts'
import { importRequestSchema, type ImportProgress, type ImportRequest } from '../../domain/datasets/import-request.ts'
import { datasetIdOf, type StoredDataset } from '../../domain/datasets/stored-dataset.ts'
import { WorkbenchError } from '../../domain/errors.ts'
import type { Workspace } from '../../storage/workspace.ts'
import { doJob, starting } from './one-job.ts'
import { parseMessage } from './process-messages.ts'
import { temporaryName } from './unfinished-folders.ts'

/** How long an importer may live on after its last message, in milliseconds. */
const exitTime = 10_000

export interface ImportOptions {
  readonly startImporter: StartImporter
  /** Aborting gives the import up and leaves nothing behind. */
  readonly signal: AbortSignal
  readonly onProgress: (progress: ImportProgress) => void
}

/**
 * Makes a folder of pictures a data set of the workspace, in a process of its own: pictures are untrusted input.
 * Resolves when the data set lies whole on the disk.
 * @throws WorkbenchError `invalid-value`, `dataset-exists`, `import-refused`, `disk-full`, `cancelled`, `trainer-died`.
 */
export async function importDataset(
  workspace: Pick<Workspace, 'datasetsDirectory'>,
  wanted: ImportRequest,
  { startImporter, signal, onProgress }: ImportOptions,
): Promise<StoredDataset> {
  const request = checkRequest(wanted)
  const id = freeId(request.title, workspace.datasetsDirectory)
  const directory = join(workspace.datasetsDirectory, id)
  const stagingDirectory = temporaryName(directory, 'import')
  if (signal.aborted) throw cancelled()
  const importer = starting('importer', startImporter)
  const giveUp = (): void => importer.kill()
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    const { dataset } = await doJob<ToImporter, FromImporter, 'imported'>(importer, {
      role: 'importer',
      job: { type: 'import', request, id, directory, stagingDirectory },
      parse: (raw) => parseMessage(fromImporterSchema, 'importer', raw),
      answer: 'imported',
      onOther: (message) => {
        if (message.type === 'progress') onProgress(message.progress)
        return message.type === 'progress'
      },
      exitTime,
    })
    return dataset
  } catch (error) {
    if (!signal.aborted) throw error
    // The process may have given the data set its name, which was free, and been killed before it said so.
    if (existsSync(directory)) await rename(directory, stagingDirectory)
    throw cancelled()
  } finally {
    signal.removeEventListener('abort', giveUp)
    await rm(stagingDirectory, { recursive: true, force: true })
  }
}

function checkRequest(request: ImportRequest): ImportRequest {
  const parsed = importRequestSchema.safeParse(request)
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!
    throw invalid(path.join('.'), message)
  }
  const { folder } = parsed.data
  // Each process has a working directory of its own, from which it would take any other path.
  if (!isAbsolute(folder)) throw invalid('folder', `must be an absolute path, and is "${folder}"`)
  return parsed.data
}

function invalid(path: string, message: string): WorkbenchError {
  return new WorkbenchError('invalid-value', `${path}: ${message}.`, { path })
}

function freeId(title: string, datasetsDirectory: string): string {
  const id = datasetIdOf(title)
  const taken = builtInDatasets.some((dataset) => dataset.id === id) || existsSync(join(datasetsDirectory, id))
  if (!taken) return id
  throw new WorkbenchError('dataset-exists', `There is a data set "${id}" already. Choose another name.`, { id })
}

function cancelled(): WorkbenchError {
  return new WorkbenchError('cancelled', 'The import was given up; nothing of it was kept.')
}
