import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { datasetFiles, type StoredDataset } from '../../src-core/domain/datasets/stored-dataset.ts'
import type { Dataset } from '../../src-core/engine/data/dataset.ts'

/** What an imported data set says of itself. */
export function sampleStored(id: string, changes: Partial<StoredDataset['info']> = {}): StoredDataset {
  return {
    format: 'ablate-dataset',
    version: 1,
    info: {
      ...{ id, title: `The ${id}`, labels: ['rose', 'tulip', 'daisy'], trainImages: 600, testImages: 90 },
      ...{ size: 64, channels: 3, mean: [0.5, 0.4, 0.3], standardDeviation: [0.2, 0.2, 0.2], darkBackground: false },
      ...changes,
    },
    source: { folder: '/pictures', testShare: 0.2 },
    unreadable: { count: 0, first: [] },
    files: [],
  }
}

/** Puts a data set without pixels into a workspace, where only its description is read. Answers its folder. */
export function addStored(datasetsDirectory: string, id: string, content: unknown = sampleStored(id)): string {
  const directory = join(datasetsDirectory, id)
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, datasetFiles.info), typeof content === 'string' ? content : JSON.stringify(content))
  return directory
}

/** Writes an open data set as an imported one. Answers its folder. */
export function writePacked(datasetsDirectory: string, id: string, { info, ...dataset }: Dataset): string {
  const directory = addStored(datasetsDirectory, id, sampleStored(id, { ...info, id }))
  for (const part of ['train', 'test'] as const) {
    const count = part === 'train' ? info.trainImages : info.testImages
    const indices = Array.from({ length: count }, (_, index) => index)
    writeFileSync(join(directory, datasetFiles[part].images), dataset.readImages(part, indices))
    const labels = dataset.readLabels(part, indices)
    writeFileSync(join(directory, datasetFiles[part].labels), new Uint8Array(labels.buffer))
  }
  return directory
}
