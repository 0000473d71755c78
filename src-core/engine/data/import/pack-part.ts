import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import { datasetFiles, type RefusedFile } from '../../../domain/datasets/stored-dataset.ts'
import { toWireError } from '../../../domain/errors.ts'
import { writeDurably, type FileFacts } from '../../files/durable-files.ts'
import type { DatasetPart } from '../dataset.ts'
import { decodeImage, type ImageKind } from '../decode-image.ts'
import { inOrder } from './in-order.ts'
import type { LabelledPicture } from './plan-import.ts'

/** Pictures that are decoded at the same time: enough that no core waits for the disk. */
const inFlight = 2 * availableParallelism()

export interface PackPart {
  readonly part: DatasetPart
  readonly pictures: readonly LabelledPicture[]
  readonly kind: ImageKind
  /** Where the files are written. */
  readonly directory: string
  /** The imported folder: pictures are named relative to it. */
  readonly folder: string
  readonly onImage: (pixels: Uint8Array) => void
  readonly onRefused: (file: RefusedFile) => void
}

export interface PackedPart {
  readonly files: readonly FileFacts[]
  readonly images: number
}

type Decoded = LabelledPicture & ({ readonly pixels: Uint8Array } | { readonly reason: string })

async function decode(picture: LabelledPicture, kind: ImageKind): Promise<Decoded> {
  try {
    return { ...picture, pixels: await decodeImage(picture.path, kind) }
  } catch (error) {
    const { message, details } = toWireError(error)
    return { ...picture, reason: typeof details?.reason === 'string' ? details.reason : message }
  }
}

/** Decodes the pictures of one part and writes them with their labels; those that cannot be read are left out. */
export async function packPart(options: PackPart): Promise<PackedPart> {
  const { part, pictures, kind, directory, folder, onImage, onRefused } = options
  const labels: number[] = []
  async function* images(): AsyncGenerator<Uint8Array> {
    for await (const decoded of inOrder(pictures, inFlight, (picture) => decode(picture, kind))) {
      if ('reason' in decoded) {
        onRefused({ file: relative(folder, decoded.path), reason: decoded.reason })
        continue
      }
      labels.push(decoded.label)
      onImage(decoded.pixels)
      yield decoded.pixels
    }
  }
  const imageFile = await writeDurably(join(directory, datasetFiles[part].images), images())
  const labelFile = await writeDurably(join(directory, datasetFiles[part].labels), [labelBytes(labels)])
  return { files: [imageFile, labelFile], images: labels.length }
}

function labelBytes(labels: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(labels.length * 4)
  labels.forEach((label, image) => bytes.writeInt32LE(label, image * 4))
  return bytes
}
