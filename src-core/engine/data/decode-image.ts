import sharp from 'sharp'
import type { DatasetInfo } from '../../domain/dataset.ts'
import { WorkbenchError } from '../../domain/errors.ts'

/** A small file can claim a picture that fills the memory. Cameras make fewer pixels; as many take 300 MB in colour. */
const pixelLimit = 100_000_000

/** A picture can be made so that decoding it takes hours; one of the largest that are allowed takes seconds. */
const secondsLimit = 60

// Pictures come from anywhere: no other decoder of the library's is ever reached, whatever a file is called.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({ operation: ['VipsForeignLoadJpegFile', 'VipsForeignLoadPngFile', 'VipsForeignLoadWebpFile'] })
sharp.unblock({ operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'] })

// Several pictures are decoded at the same time, and none of them is asked for again.
sharp.concurrency(1)
sharp.cache(false)

/** The decoder's reasons in words of the user's: what came, and what was expected. */
const reasons: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/unsupported image format/, 'it is not a JPEG, PNG or WebP picture'],
  [/is empty|is missing/, 'there is nothing in it'],
  [/pixel limit/, `it has more than ${pixelLimit.toLocaleString('en-US')} pixels`],
  [/timeout/i, `decoding it takes longer than ${secondsLimit} seconds`],
]

function reasonOf(error: unknown): string {
  const said = error instanceof Error ? error.message.split('\n')[0]! : String(error)
  return reasons.find(([pattern]) => pattern.test(said))?.[1] ?? `it is damaged (${said})`
}

/** The form in which images are stored. */
export type ImageKind = Pick<DatasetInfo, 'size' | 'channels'>

/**
 * Reads a picture (JPEG, PNG, WebP), a file or its bytes, as one image of the data set's kind: turned as its EXIF says, put on black
 * where it is transparent, cropped to a square, resized to the stored size, grey or colour as the data set is.
 * @returns [size, size, channels] bytes.
 * @throws WorkbenchError `image-unreadable` naming the file and the reason.
 */
export async function decodeImage(
  picture: string | Buffer,
  { size, channels }: ImageKind,
  name = typeof picture === 'string' ? picture : 'that was given',
): Promise<Uint8Array> {
  try {
    const square = sharp(picture, { limitInputPixels: pixelLimit, failOn: 'error' })
      .timeout({ seconds: secondsLimit })
      .rotate()
      .flatten({ background: 'black' })
      .resize(size, size, { fit: 'cover' })
    const pixels = await (channels === 1 ? square.toColourspace('b-w') : square.toColourspace('srgb')).raw().toBuffer()
    const expected = size * size * channels
    if (pixels.length === expected) return pixels
    throw new Error(`it decodes to ${pixels.length} bytes instead of ${expected}`)
  } catch (error) {
    const reason = reasonOf(error)
    const message = `The picture ${name} cannot be read: ${reason}`
    throw new WorkbenchError('image-unreadable', message, { image: name, reason })
  }
}
