import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { deriveSeed, uniformGenerator } from '../../src-core/domain/random.ts'
import { inOrder } from '../../src-core/engine/data/import/in-order.ts'

export interface PictureFolder {
  readonly classes: number
  readonly perClass: number
  /** Side in pixels. */
  readonly size: number
}

/** A small picture of noise, which enlarged has the smooth patches of a photograph. */
const noiseSide = 48

async function writePicture(path: string, size: number, seed: number, brightness: number): Promise<void> {
  const random = uniformGenerator(seed)
  const noise = Buffer.from(
    Uint8Array.from({ length: noiseSide * noiseSide * 3 }, () => 255 * (0.6 * random() + 0.4 * brightness)),
  )
  const raw = { width: noiseSide, height: noiseSide, channels: 3 } as const
  await sharp(noise, { raw }).resize(size, size, { kernel: 'cubic' }).jpeg({ quality: 88 }).toFile(path)
}

/**
 * Writes a folder with one sub-folder of JPEGs per class, named class-0, class-1, ...: random patches, brighter from
 * class to class, so that a network has something to learn. At 256 pixels a file has about 20 kB.
 */
export async function writePictureFolder(folder: string, { classes, perClass, size }: PictureFolder): Promise<void> {
  const pictures = Array.from({ length: classes * perClass }, (_, index) => index)
  for (let label = 0; label < classes; label++) await mkdir(join(folder, `class-${label}`), { recursive: true })
  const write = async (index: number): Promise<void> => {
    const label = index % classes
    const path = join(folder, `class-${label}`, `${String(index).padStart(6, '0')}.jpg`)
    await writePicture(path, size, deriveSeed(1, 'picture', index), classes < 2 ? 0 : label / (classes - 1))
  }
  const written = inOrder(pictures, 2 * availableParallelism(), write)
  while (!(await written.next()).done);
}
