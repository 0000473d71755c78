import type { FiltersArtifact } from '../../../src-core/domain/evaluation/artifact.ts'
import { decodePictures } from '../pictures.ts'

/** The weights that are drawn black and white. */
export interface WeightRange {
  readonly low: number
  readonly high: number
}

type Pixels = Uint8ClampedArray<ArrayBuffer>

/** Each is drawn at many steps of the slider; they go with their artifact. */
const decoded = new WeakMap<FiltersArtifact, Pixels[]>()

function stretchedPixels(filters: FiltersArtifact): Pixels[] {
  const known = decoded.get(filters) ?? decodePictures(filters.kernels)
  decoded.set(filters, known)
  return known
}

/** The smallest and the largest of all weights; null without any. */
export function sharedRange(kept: readonly FiltersArtifact[]): WeightRange | null {
  if (kept.length === 0) return null
  const low = Math.min(...kept.flatMap(({ lowest }) => lowest))
  return { low, high: Math.max(...kept.flatMap(({ highest }) => highest)) }
}

/**
 * The pixels of one kernel for a canvas.
 * @param range null stretches the kernel from its own smallest to its own largest weight
 */
export function kernelPixels(filters: FiltersArtifact, kernel: number, range: WeightRange | null): Pixels {
  const pixels = stretchedPixels(filters)[kernel]!
  if (!range) return pixels
  const [low, high] = [filters.lowest[kernel]!, filters.highest[kernel]!]
  const reach = Math.max(range.high - range.low, 1e-12)
  const byteOf = (byte: number): number => (255 * (low + (byte / 255) * (high - low) - range.low)) / reach
  const table = Uint8ClampedArray.from({ length: 256 }, (_, byte) => byteOf(byte))
  return pixels.map((value, at) => (at % 4 === 3 ? value : table[value]!))
}

/** The pixels of all kernels of a step. */
export function filterPixels(filters: FiltersArtifact, range: WeightRange | null): Pixels[] {
  return stretchedPixels(filters).map((_, kernel) => kernelPixels(filters, kernel, range))
}
