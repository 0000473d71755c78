import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { datasetFiles, storedDatasetSchema, type StoredDataset } from '../../domain/datasets/stored-dataset.ts'
import { WorkbenchError } from '../../domain/errors.ts'
import type { Dataset, DatasetPart } from './dataset.ts'

const labelBytes = 4

interface Part {
  /** Of the open file of images. */
  readonly descriptor: number
  readonly labels: Int32Array
}

function damaged(file: string, problem: string): WorkbenchError {
  const message = `The data set file ${file} is damaged: ${problem}. Put an intact copy back, or import the folder again.`
  return new WorkbenchError('dataset-damaged', message, { file })
}

function unreadable(file: string, error: unknown): WorkbenchError {
  const { code, message } = error as NodeJS.ErrnoException
  if (code !== 'ENOENT') return damaged(file, `it cannot be read (${code ?? message})`)
  return new WorkbenchError('dataset-missing', `The data set file ${file} is not there. Import the folder again.`, {
    file,
  })
}

async function readInfo(file: string): Promise<StoredDataset> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw unreadable(file, error)
  })
  try {
    return storedDatasetSchema.parse(JSON.parse(text))
  } catch {
    throw damaged(file, 'it does not say what a data set is')
  }
}

function readLabels(file: string, count: number, classes: number): Int32Array {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw unreadable(file, error)
  }
  if (bytes.length !== count * labelBytes) {
    throw damaged(file, `it has ${bytes.length} bytes instead of ${count * labelBytes}`)
  }
  const labels = Int32Array.from({ length: count }, (_, image) => bytes.readInt32LE(image * labelBytes))
  const wrong = labels.find((label) => label < 0 || label >= classes)
  if (wrong !== undefined) throw damaged(file, `it holds the class ${wrong}, but there are ${classes}`)
  return labels
}

function openImages(file: string, expected: number): number {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch (error) {
    throw unreadable(file, error)
  }
  const { size } = fstatSync(descriptor)
  if (size === expected) return descriptor
  closeSync(descriptor)
  throw damaged(file, `it has ${size} bytes instead of ${expected}`)
}

/** Fills `target` from a place in the file, however often the system has to be asked. */
function readAt(descriptor: number, file: string, target: Uint8Array, position: number): void {
  let filled = 0
  while (filled < target.length) {
    let read: number
    try {
      read = readSync(descriptor, target, filled, target.length - filled, position + filled)
    } catch (error) {
      throw unreadable(file, error)
    }
    if (read === 0) throw damaged(file, 'it has become shorter')
    filled += read
  }
}

/**
 * Opens an imported data set. Images are read from their place in the file each time they are asked for: the system
 * keeps what is used in memory, and a data set may be larger than that.
 * @throws WorkbenchError `dataset-missing` or `dataset-damaged` naming the file and what is wrong with it; reading
 * images throws the same.
 */
export async function openPackedDataset(directory: string): Promise<Dataset> {
  const { info } = await readInfo(join(directory, datasetFiles.info))
  const imageBytes = info.size * info.size * info.channels
  const imagesFile = (part: DatasetPart): string => join(directory, datasetFiles[part].images)
  const openPart = (part: DatasetPart, count: number): Part => ({
    labels: readLabels(join(directory, datasetFiles[part].labels), count, info.labels.length),
    descriptor: openImages(imagesFile(part), count * imageBytes),
  })
  const train = openPart('train', info.trainImages)
  let parts: Readonly<Record<DatasetPart, Part>>
  try {
    parts = { train, test: openPart('test', info.testImages) }
  } catch (error) {
    closeSync(train.descriptor)
    throw error
  }
  return {
    info,
    readImages(part, indices) {
      const pixels = new Uint8Array(indices.length * imageBytes)
      for (let i = 0; i < indices.length; i++) {
        const target = pixels.subarray(i * imageBytes, (i + 1) * imageBytes)
        readAt(parts[part].descriptor, imagesFile(part), target, indices[i]! * imageBytes)
      }
      return pixels
    },
    readLabels: (part, indices) => Int32Array.from(indices, (index) => parts[part].labels[index]!),
    close() {
      for (const { descriptor } of Object.values(parts)) closeSync(descriptor)
    },
  }
}
