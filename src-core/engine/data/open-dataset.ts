import { builtInDatasets, findDataset } from '../../domain/dataset.ts'
import { WorkbenchError } from '../../domain/errors.ts'
import type { Dataset } from './dataset.ts'
import { openMnist } from './mnist.ts'
import { openPackedDataset } from './packed-dataset.ts'

const openers: Record<string, () => Promise<Dataset>> = { mnist: () => openMnist() }

/**
 * Opens a data set by its id. The caller closes it.
 * @param directory where an imported one lies; null for one that comes with Ablate.
 * @throws WorkbenchError `unknown-dataset` listing the ids; `dataset-missing`; `dataset-damaged`.
 */
export async function openDataset(id: string, directory: string | null = null): Promise<Dataset> {
  if (directory !== null) return openPackedDataset(directory)
  const open = openers[findDataset(id, builtInDatasets).id]
  if (open) return open()
  throw new WorkbenchError('dataset-missing', `The data set "${id}" has no reader in this version.`, { dataset: id })
}
