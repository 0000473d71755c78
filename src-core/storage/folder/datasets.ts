import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { builtInDatasets, type DatasetInfo } from '../../domain/dataset.ts'
import {
  datasetFiles,
  isDatasetId,
  storedDatasetSchema,
  type StoredDataset,
} from '../../domain/datasets/stored-dataset.ts'
import { WorkbenchError } from '../../domain/errors.ts'

/** A folder that should be a data set and is not. It stays as it is. */
export interface DamagedDataset {
  readonly directory: string
  readonly reason: string
}

/** One that was imported and can be used. */
export interface ImportedDataset {
  readonly stored: StoredDataset
  readonly directory: string
}

/** The data sets that runs of a workspace can use: what comes with Ablate, then what was imported, by name. */
export interface Datasets {
  list(): DatasetInfo[]
  /** The imported one with this id and its folder; null when there is none, or it is damaged. */
  find(id: string): ImportedDataset | null
  /** All that were imported, by name, after one look at each folder. */
  imported(): { readonly usable: ImportedDataset[]; readonly damaged: DamagedDataset[] }
  /** Whether an imported one with this id is there, damaged or not. */
  isFolder(id: string): boolean
  /**
   * The folder of a data set; null for one that comes with Ablate.
   * @throws WorkbenchError `dataset-missing`, `dataset-damaged`.
   */
  directoryOf(id: string): string | null
}

/** Where the imported data sets of a workspace lie. */
export function datasetsFolder(workspaceDirectory: string): string {
  return join(workspaceDirectory, 'datasets')
}

type Read = ImportedDataset | DamagedDataset

/** Reads the folders anew at every call: there are few, and they change while other processes watch. */
export function datasetsIn(datasetsDirectory: string): Datasets {
  const folders = (): string[] => foldersIn(datasetsDirectory)
  const read = (id: string): Read => readDataset(join(datasetsDirectory, id), id)
  const isFolder = (id: string): boolean => isDatasetId(id) && folders().includes(id)
  const find: Datasets['find'] = (id) => {
    const found = isFolder(id) ? read(id) : null
    return found && 'stored' in found ? found : null
  }
  const imported: Datasets['imported'] = () => {
    const all = folders().map(read)
    return {
      usable: all.filter((one) => 'stored' in one),
      damaged: all.filter((one) => 'reason' in one),
    }
  }
  return {
    list: () => [...builtInDatasets, ...imported().usable.map(({ stored }) => stored.info)],
    find,
    imported,
    isFolder,
    directoryOf(id) {
      if (builtInDatasets.some((dataset) => dataset.id === id)) return null
      if (!isFolder(id)) throw missing(id, datasetsDirectory)
      const found = read(id)
      if ('reason' in found) throw damaged(id, found)
      return found.directory
    },
  }
}

/** Names that cannot be a data set's belong to somebody else, or to an import that is not whole. */
function foldersIn(directory: string): string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true })
    return entries.flatMap((entry) => (entry.isDirectory() && isDatasetId(entry.name) ? [entry.name] : [])).sort()
  } catch {
    return []
  }
}

function readDataset(directory: string, id: string): Read {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(join(directory, datasetFiles.info), 'utf8'))
  } catch (error) {
    return { directory, reason: `${datasetFiles.info} cannot be read: ${(error as Error).message}` }
  }
  const parsed = storedDatasetSchema.safeParse(content)
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!
    return { directory, reason: `${datasetFiles.info}: ${path.join('.')}: ${message}` }
  }
  const stored = parsed.data
  if (stored.info.id !== id) return { directory, reason: `${datasetFiles.info} is that of "${stored.info.id}"` }
  return { stored, directory }
}

function missing(id: string, directory: string): WorkbenchError {
  const message = `The data set "${id}" is not in ${directory}. Import it again under the same name, or put it back.`
  return new WorkbenchError('dataset-missing', message, { dataset: id })
}

function damaged(id: string, { directory, reason }: DamagedDataset): WorkbenchError {
  const message = `The data set "${id}" in ${directory} is damaged: ${reason}. Put an intact copy back, or remove it and import it again.`
  return new WorkbenchError('dataset-damaged', message, { dataset: id })
}
