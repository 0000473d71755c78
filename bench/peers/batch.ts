import { uniformGenerator } from '../../src-core/domain/random.ts'
import type { PeerTask } from '../cases.ts'

export interface FixedBatch {
  readonly images: Float32Array
  readonly shape: [number, number, number, number]
  readonly labels: Int32Array
}

/** The same random images and labels for every step: reading data is measured elsewhere. */
export function fixedBatch({ batch, input, classes }: Pick<PeerTask, 'batch' | 'input' | 'classes'>): FixedBatch {
  const random = uniformGenerator(7)
  return {
    images: Float32Array.from({ length: batch * input[0] * input[1] * input[2] }, () => 2 * random() - 1),
    shape: [batch, ...input],
    labels: Int32Array.from({ length: batch }, () => Math.floor(random() * classes)),
  }
}
