import sharp from 'sharp'
import type { DatasetInfo } from '../../domain/dataset.ts'
import { WorkbenchError } from '../../domain/errors.ts'

/** A small file can claim a picture that fills the memory. */
const pixelLimit = 25_000_000

/**
 * Reads a picture file as one image of the data set's kind: turned as its EXIF says, put on black where it is
 * transparent, cropped to a square, resized to the stored size, grey or colour as the data set is.
 * @returns [size, size, channels] bytes.
 * @throws WorkbenchError `image-unreadable` naming the file and the decoder's reason.
 */
export async function decodeImage(path: string, { size, channels }: DatasetInfo): Promise<Uint8Array> {
  try {
    const square = sharp(path, { limitInputPixels: pixelLimit, failOn: 'error' })
      .rotate()
      .flatten({ background: 'black' })
      .resize(size, size, { fit: 'cover' })
    const pixels = await (channels === 1 ? square.toColourspace('b-w') : square.toColourspace('srgb')).raw().toBuffer()
    return new Uint8Array(pixels)
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0]! : String(error)
    throw new WorkbenchError('image-unreadable', `The picture ${path} cannot be read: ${reason}`, { image: path })
  }
}
