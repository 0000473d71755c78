import { tf, type Tensor, type Tensor1D, type Tensor4D, type Variable } from '../backend.ts'
import { softmaxCrossEntropy } from '../kernels/softmax-cross-entropy.ts'
import type { BuiltModel } from '../models/build-model.ts'
import { countCorrect } from './evaluate.ts'
import type { MomentumOptimizer } from './optimizer.ts'

export interface Batch {
  /** [images, size, size, channels] */
  readonly images: Tensor4D
  /** int32 [images] */
  readonly labels: Tensor1D
}

export interface StepResult {
  /** Mean cross-entropy of the batch before the update, dropout active. */
  readonly loss: number
  /** Share of the batch that the same forward pass classified correctly. */
  readonly accuracy: number
}

function trainableVariables(model: BuiltModel): Variable[] {
  return model.weights.filter(({ trainable }) => trainable).map(({ variable }) => variable)
}

/**
 * One optimizer step on one batch; `step` is its number, counted from 1, and decides the dropout masks.
 * When the loss is not finite the trainable weights are left as they are.
 */
export function trainingStep(model: BuiltModel, optimizer: MomentumOptimizer, batch: Batch, step: number): StepResult {
  model.clock.step = step
  let loss = NaN
  let accuracy = 0
  tf.tidy(() => {
    const { value, grads } = tf.variableGrads(() => {
      const logits = model.logits.apply(batch.images, { training: true }) as Tensor
      accuracy = countCorrect(logits, batch.labels) / batch.labels.size
      return softmaxCrossEntropy(logits, batch.labels)
    }, trainableVariables(model))
    loss = value.dataSync()[0]!
    if (Number.isFinite(loss)) optimizer.apply(grads)
  })
  return { loss, accuracy }
}
