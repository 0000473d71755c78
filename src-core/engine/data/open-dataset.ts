import { findDataset } from '../../domain/dataset.ts'
import { WorkbenchError } from '../../domain/errors.ts'
import type { Dataset } from './dataset.ts'
import { openMnist } from './mnist.ts'

const openers: Record<string, () => Promise<Dataset>> = { mnist: () => openMnist() }

/**
 * Opens a data set by its id. The caller closes it.
 * @throws WorkbenchError `unknown-dataset` listing the ids; `dataset-missing`; `dataset-damaged`.
 */
export async function openDataset(id: string): Promise<Dataset> {
  const open = openers[findDataset(id).id]
  if (open) return open()
  throw new WorkbenchError('dataset-missing', `The data set "${id}" has no reader in this version.`, { dataset: id })
}
