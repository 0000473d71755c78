import { requireClasses } from '../../domain/dataset.ts'
import { WorkbenchError } from '../../domain/errors.ts'
import type { Pictures } from '../../domain/evaluation/artifact.ts'
import type { PictureSource } from '../../domain/inspection/questions.ts'
import type { RunSpec } from '../../domain/spec/run-spec.ts'
import { loadTrainedModel } from '../checkpoints/restore.ts'
import type { Dataset } from '../data/dataset.ts'
import { decodeImage } from '../data/decode-image.ts'
import { openDataset } from '../data/open-dataset.ts'
import { makePreprocess, type Preprocess } from '../data/preprocess.ts'
import { storedPicture } from './pictures.ts'
import type { BuiltModel } from '../models/build-model.ts'

/** Where a trained network and its data lie. */
export interface InspectedSource {
  readonly spec: RunSpec
  readonly datasetDirectory: string | null
  readonly checkpointDirectory: string
}

/** A trained network with its data, open for questions. */
export interface InspectedModel {
  readonly spec: RunSpec
  readonly dataset: Dataset
  readonly model: BuiltModel
  /** Stored bytes to what the network reads, the centre crop only. */
  readonly preprocess: Preprocess
  close(): void
}

/**
 * Opens a checkpoint for questions.
 * @throws WorkbenchError `checkpoint-missing`, `checkpoint-damaged`, `dataset-missing`, `dataset-damaged`.
 */
export async function openInspected(source: InspectedSource): Promise<InspectedModel> {
  const { spec, datasetDirectory, checkpointDirectory } = source
  const dataset = await openDataset(spec.data.dataset, datasetDirectory)
  try {
    requireClasses(spec.model, dataset.info)
    const { model } = await loadTrainedModel(spec, checkpointDirectory)
    const close = (): void => {
      model.dispose()
      dataset.close()
    }
    return { spec, dataset, model, preprocess: makePreprocess(spec, dataset.info), close }
  } catch (error) {
    dataset.close()
    throw error
  }
}

/**
 * Stored images of a data set as pictures.
 * @throws WorkbenchError `dataset-missing`, `dataset-damaged`, `invalid-value` for a place that there is not.
 */
export async function readImages(wanted: {
  readonly dataset: string
  readonly datasetDirectory: string | null
  readonly part: 'train' | 'test'
  readonly indices: readonly number[]
}): Promise<Pictures> {
  const dataset = await openDataset(wanted.dataset, wanted.datasetDirectory)
  try {
    for (const index of wanted.indices) requirePlace(dataset, wanted.part, index)
    return storedPicture(dataset.readImages(wanted.part, wanted.indices), dataset.info)
  } finally {
    dataset.close()
  }
}

function requirePlace({ info }: Dataset, part: 'train' | 'test', index: number): void {
  const count = part === 'train' ? info.trainImages : info.testImages
  if (index < count) return
  const message = `The data set has ${count} ${part} images; there is no image ${index}.`
  throw new WorkbenchError('invalid-value', message, { index, count })
}

/**
 * The stored bytes of a picture, from a file or from the data set.
 * @throws WorkbenchError `image-unreadable`, `invalid-value` for a place that the data set does not have.
 */
export async function readPicture({ dataset }: InspectedModel, picture: PictureSource): Promise<Uint8Array> {
  if (picture.kind === 'file') return decodeImage(Buffer.from(picture.bytes), dataset.info, picture.name)
  requirePlace(dataset, picture.part, picture.index)
  return dataset.readImages(picture.part, [picture.index])
}
