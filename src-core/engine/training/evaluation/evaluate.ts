import { mostConfusionClasses, type Confusion } from '../../../domain/evaluation/confusion.ts'
import { tf, type Tensor } from '../../backend.ts'
import { logSoftmax } from '../../kernels/softmax-cross-entropy.ts'
import type { BuiltModel } from '../../models/build-model.ts'
import type { Batch } from '../step.ts'

export interface Evaluation {
  /** Mean cross-entropy over all images, dropout off, moving statistics. */
  readonly loss: number
  /** Share of images whose most probable class is their label. */
  readonly accuracy: number
  /** Share of images whose label is not among the five most probable classes; 0 with fewer than six classes. */
  readonly top5Error: number
  /** null with too many classes to keep it. */
  readonly confusion: Confusion | null
}

/** Sums over the images of an evaluation so far. */
interface Tally {
  images: number
  loss: number
  correct: number
  missedByFive: number
  readonly counts: Uint32Array | null
}

/** How many rows of logits [batch, classes] are largest at their label. A row that holds NaN never is. */
export function countCorrect(logits: Tensor, labels: Tensor): number {
  return tf.tidy(() => {
    const isNumber = logits.max(-1).isNaN().logicalNot()
    return logits.argMax(-1).equal(labels).logicalAnd(isNumber).sum().dataSync()[0]!
  })
}

/**
 * Logarithms of the probabilities, averaged over the crops of each image.
 * @param logits [images * crops, classes] @returns [images, classes]
 */
export function logProbabilities(logits: Tensor, crops: number): Tensor {
  const perCrop = logSoftmax(logits)
  if (crops === 1) return perCrop
  // The mean is taken in logarithms: a probability that all crops find tiny would otherwise be 0.
  return tf.logSumExp(perCrop.reshape([-1, crops, logits.shape[1]!]), 1).sub(Math.log(crops))
}

/** How many labels have at least five classes that are more probable. A row that is not a number counts as missed. */
function countMissedByFive(logs: Tensor, ofLabel: Tensor): number {
  return tf.tidy(() => {
    const before = logs.greater(ofLabel).sum(-1)
    const missed = before.greaterEqual(5).logicalOr(ofLabel.squeeze([1]).isFinite().logicalNot())
    return missed.sum().dataSync()[0]!
  })
}

function addConfusion(counts: Uint32Array, logs: Tensor, labels: Tensor): void {
  const classes = logs.shape[1]!
  const predicted = logs.argMax(-1).dataSync()
  labels.dataSync().forEach((label, row) => counts[label * classes + predicted[row]!]!++)
}

function addBatch(tally: Tally, logs: Tensor, labels: Tensor): void {
  const classes = logs.shape[1]!
  // Chosen, not multiplied by 0 and 1: 0 times an infinite logarithm is no number.
  const isLabel = tf.oneHot(labels as never, classes).equal(1)
  const ofLabel = tf.where(isLabel, logs, 0).sum(-1, true)
  tally.images += labels.size
  tally.loss -= ofLabel.sum().dataSync()[0]!
  tally.correct += countCorrect(logs, labels)
  if (classes > 5) tally.missedByFive += countMissedByFive(logs, ofLabel)
  if (tally.counts) addConfusion(tally.counts, logs, labels)
}

function emptyTally(classes: number): Tally {
  const counts = classes <= mostConfusionClasses ? new Uint32Array(classes * classes) : null
  return { images: 0, loss: 0, correct: 0, missedByFive: 0, counts }
}

function summary({ images, loss, correct, missedByFive, counts }: Tally, classes: number): Evaluation {
  return {
    loss: loss / images,
    accuracy: correct / images,
    top5Error: missedByFive / images,
    confusion: counts && { classes, counts: [...counts] },
  }
}

/**
 * Evaluates the network on all batches, a shorter last one included; the batches' tensors are disposed of. With
 * several crops of an image its probabilities are averaged over them (Krizhevsky et al. 2012, section 4.1).
 * @param interrupted awaited after each batch; when it resolves to true the evaluation is given up.
 * @returns null when it was given up.
 */
export async function evaluate(
  model: BuiltModel,
  batches: Iterable<Batch>,
  interrupted: () => Promise<boolean>,
): Promise<Evaluation | null> {
  const classes = model.logits.outputShape.at(-1) as number
  const tally = emptyTally(classes)
  for (const batch of batches) {
    tf.tidy(() => {
      const logits = model.logits.apply(batch.images, { training: false }) as Tensor
      addBatch(tally, logProbabilities(logits, batch.crops), batch.labels)
    })
    tf.dispose([batch.images, batch.labels])
    if (await interrupted()) return null
  }
  return summary(tally, classes)
}
