import type { RunSpec } from '../../../domain/spec/run-spec.ts'
import { BatchOrder } from '../batches.ts'
import type { Dataset } from '../dataset.ts'
import { makeByteStage } from '../pixels/byte-stage.ts'
import { planTrainingPixels } from '../pixels/pixel-plan.ts'
import { splitDataset } from '../split.ts'

/** A training batch as far as it can be made without TensorFlow. */
export interface FloatBatch {
  /** [images, side, side, channels] of the plan. */
  readonly floats: Float32Array<ArrayBuffer>
  readonly labels: Int32Array<ArrayBuffer>
  /** The images' places in the data set. */
  readonly indices: Uint32Array<ArrayBuffer>
}

/** Makes the batch of the step after `finishedSteps` steps: in `into` where that has the right length. */
export type MakeFloatBatch = (finishedSteps: number, into?: FloatBatch['floats']) => FloatBatch

/**
 * The training batches of a run out of an open data set: a pure function of spec and step, whoever computes it.
 * @throws WorkbenchError `batch-too-large`; making a batch throws what reading the data set does.
 */
export function floatBatches(spec: RunSpec, dataset: Dataset): MakeFloatBatch {
  const { batchSize, seed } = spec.training
  const order = new BatchOrder(splitDataset(spec, dataset.info).training, batchSize, seed)
  const stage = makeByteStage(planTrainingPixels(spec, dataset.info), dataset.info, spec.data.augmentation, seed)
  return (finishedSteps, into) => {
    const indices = order.batch(finishedSteps)
    const floats = stage(dataset.readImages('train', indices), finishedSteps, into)
    return { floats, labels: dataset.readLabels('train', indices), indices } as FloatBatch
  }
}
