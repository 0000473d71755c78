import { tf, type Tensor } from '../backend.ts'
import { softmaxCrossEntropies } from '../kernels/softmax-cross-entropy.ts'
import type { BuiltModel } from '../models/build-model.ts'
import type { Batch } from './step.ts'

export interface Evaluation {
  /** Mean cross-entropy over all images, dropout off, moving statistics. */
  readonly loss: number
  /** Share of images whose most probable class is their label. */
  readonly accuracy: number
}

/** How many rows of logits [batch, classes] are largest at their label. */
export function countCorrect(logits: Tensor, labels: Tensor): number {
  return tf.tidy(() => logits.argMax(-1).equal(labels).sum().dataSync()[0]!)
}

function sumOfLosses(logits: Tensor, labels: Tensor): number {
  return softmaxCrossEntropies(logits, labels).sum().dataSync()[0]!
}

/**
 * Evaluates the network on all batches, a shorter last one included; the batches' tensors are disposed of.
 * @param interrupted awaited after each batch; when it resolves to true the evaluation is given up.
 * @returns null when it was given up.
 */
export async function evaluate(
  model: BuiltModel,
  batches: Iterable<Batch>,
  interrupted: () => Promise<boolean>,
): Promise<Evaluation | null> {
  let images = 0
  let loss = 0
  let correct = 0
  for (const batch of batches) {
    tf.tidy(() => {
      const logits = model.logits.apply(batch.images, { training: false }) as Tensor
      loss += sumOfLosses(logits, batch.labels)
      correct += countCorrect(logits, batch.labels)
    })
    images += batch.labels.size
    tf.dispose([batch.images, batch.labels])
    if (await interrupted()) return null
  }
  return { loss: loss / images, accuracy: correct / images }
}
