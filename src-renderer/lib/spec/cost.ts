import type { Architecture } from '../../../src-core/domain/architecture.ts'
import type { Run } from '../../../src-core/domain/run.ts'
import type { ModelSpec } from '../../../src-core/domain/spec/model-spec.ts'

const bytesPerNumber = 4

export interface NetworkCost {
  readonly params: number
  /** Multiply-accumulates of one forward pass of one image. */
  readonly macs: number
  /** Weights, their gradients and their momentum. */
  readonly weightMemory: number
  /** Weights and momentum of the trainable ones. */
  readonly checkpointBytes: number
}

export function networkCost({ params, trainable, macs }: Architecture): NetworkCost {
  return {
    params,
    macs: macs.conv + macs.dense,
    weightMemory: params * bytesPerNumber * 3,
    checkpointBytes: (params + trainable) * bytesPerNumber,
  }
}

/** The newest run of exactly this network, with its measured rate; null when none was measured. */
export function measuredRate(model: ModelSpec, runs: Iterable<Run>): { run: Run; imagesPerSecond: number } | null {
  const wanted = JSON.stringify(model)
  const measured = [...runs].filter((run) => run.imagesPerSecond && JSON.stringify(run.spec.model) === wanted)
  const newest = measured.sort((a, b) => b.createdAt - a.createdAt)[0]
  return newest ? { run: newest, imagesPerSecond: newest.imagesPerSecond! } : null
}
