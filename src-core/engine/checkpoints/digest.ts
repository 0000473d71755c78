import { createHash } from 'node:crypto'
import { tensorBytes, type NamedTensor } from '../files/tensor-file.ts'
import type { NamedWeight } from '../models/build-model.ts'

/** All weights, moving statistics included, as a file holds them. */
export function weightTensors(weights: readonly NamedWeight[]): NamedTensor[] {
  return weights.map(({ name, variable }) => ({
    name,
    shape: variable.shape,
    read: () => variable.dataSync<'float32'>(),
  }))
}

/**
 * SHA-256 over the float32 little-endian bytes of all weights, moving statistics included, in name order:
 * equal digests mean bit-identical networks. It is also the SHA-256 of a checkpoint's weights.bin.
 */
export function weightsSha256(weights: readonly NamedWeight[]): string {
  const hash = createHash('sha256')
  for (const bytes of tensorBytes(weightTensors(weights))) hash.update(bytes)
  return hash.digest('hex')
}
