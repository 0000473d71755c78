import type { Architecture } from '../network/architecture.ts'
import { activationBytes } from '../network/layer-facts.ts'
import type { RunSpec } from '../spec/run-spec.ts'
import type { OptimizerKind } from '../spec/training-spec.ts'

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
