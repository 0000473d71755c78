import { datasets } from '../../domain/dataset.ts'
import { WorkbenchError } from '../../domain/errors.ts'
import type { Dataset } from './dataset.ts'
import { openMnist } from './mnist.ts'

const openers: Record<string, () => Promise<Dataset>> = { mnist: () => openMnist() }

/**
 * Opens a data set by its id. The caller closes it.
 * @throws WorkbenchError `unknown-dataset` listing the ids; `dataset-missing`; `dataset-damaged`.
 */
export async function openDataset(id: string): Promise<Dataset> {
  const open = Object.hasOwn(openers, id) ? openers[id] : undefined
  if (open) return open()
  const known = datasets.map((dataset) => dataset.id).join(', ')
  throw new WorkbenchError('unknown-dataset', `There is no data set "${id}". Known data sets: ${known}.`, {
    dataset: id,
  })
}
