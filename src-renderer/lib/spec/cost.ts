import type { Architecture } from '../../../src-core/domain/network/architecture.ts'
import { activationBytes } from '../../../src-core/domain/network/layer-facts.ts'
import type { Run } from '../../../src-core/domain/run.ts'
import type { ModelSpec } from '../../../src-core/domain/spec/model-spec.ts'
import type { RunSpec } from '../../../src-core/domain/spec/run-spec.ts'
import type { OptimizerKind } from '../../../src-core/domain/spec/training-spec.ts'

const bytesPerNumber = 4

/** Numbers that an optimizer keeps for each trainable weight: velocities, means of gradients. */
const slotsPerWeight: Readonly<Record<OptimizerKind, number>> = {
  sgd: 0,
  momentum: 1,
  nesterov: 1,
  rmsprop: 2,
  adam: 2,
  adamw: 2,
}

export interface NetworkCost {
  readonly params: number
  /** Multiply-accumulates of one forward pass of one image. */
  readonly macs: number
  /** Bytes of the weights, of the gradients and of what the optimizer keeps for the trainable ones. */
  readonly weightMemory: number
  /** Bytes of a batch's activations; null while the batch size is not right. */
  readonly activationMemory: number | null
  /** Bytes of the weights and of what the optimizer keeps. */
  readonly checkpointBytes: number
}

type CostSpec = Pick<RunSpec, 'model' | 'training'>

/** What a network costs with its optimizer and batch size. Memory that TensorFlow takes to compute comes on top. */
export function networkCost(architecture: Architecture, { model, training }: CostSpec): NetworkCost {
  const { params, trainable, macs } = architecture
  const slots = trainable * slotsPerWeight[training.optimizer]
  return {
    params,
    macs: macs.conv + macs.dense,
    weightMemory: (params + trainable + slots) * bytesPerNumber,
    activationMemory: training.batchSize > 0 ? activationBytes(model, architecture) * training.batchSize : null,
    checkpointBytes: (params + slots) * bytesPerNumber,
  }
}

/** The newest run of exactly this network, with its measured rate; null when none was measured. */
export function measuredRate(model: ModelSpec, runs: Iterable<Run>): { run: Run; imagesPerSecond: number } | null {
  const wanted = JSON.stringify(model)
  const measured = [...runs].filter((run) => run.imagesPerSecond && JSON.stringify(run.spec.model) === wanted)
  const newest = measured.sort((a, b) => b.createdAt - a.createdAt)[0]
  return newest ? { run: newest, imagesPerSecond: newest.imagesPerSecond! } : null
}
