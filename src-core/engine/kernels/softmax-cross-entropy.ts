import { attribute, execute, executeMany, tf, types, type Scalar, type Tensor } from '../backend.ts'
import { floatType } from './attributes.ts'
import { differentiable } from './differentiable.ts'

const attributes = [floatType, attribute.type('Tlabels', types.int32)]

/** What a loss may add to plain cross-entropy. */
export interface CrossEntropyOptions {
  /** Share of the target that is spread evenly over all classes; 0 for none. */
  readonly labelSmoothing: number
  /** Weight of each class; null for all alike. */
  readonly classWeights: readonly number[] | null
}

/** Cross-entropy of each row. @param logits [batch, classes] @param labels int32 [batch] @returns [batch] */
export function softmaxCrossEntropies(logits: Tensor, labels: Tensor): Tensor {
  return executeMany('SparseSoftmaxCrossEntropyWithLogits', attributes, [logits, labels], 2)[0]!
}

/** Logarithm of the softmax over the last axis. @param logits [batch, classes] @returns [batch, classes] */
export function logSoftmax(logits: Tensor): Tensor {
  return execute('LogSoftmax', [floatType], [logits])
}

/**
 * Mean over the batch of -log softmax(logits)[label]. Computed from logits, so a confidently wrong answer
 * keeps its gradient (Keras' form from clipped probabilities loses it).
 * @param logits [batch, classes]
 * @param labels int32 [batch], 0 to classes - 1
 */
export function softmaxCrossEntropy(logits: Tensor, labels: Tensor): Scalar {
  return differentiable([logits], () => {
    const [losses, gradient] = executeMany('SparseSoftmaxCrossEntropyWithLogits', attributes, [logits, labels], 2)
    return {
      value: losses!.mean(),
      saved: [gradient!],
      gradients: (upstream, [perRow]) => [perRow!.mul(upstream.div(perRow!.shape[0]!))],
    }
  }) as Scalar
}

/** What multiplies -log softmax in each cell, divided by the weights of the batch's labels. [batch, classes] */
function weightedTargets(labels: Tensor, classes: number, options: CrossEntropyOptions): Tensor {
  const { labelSmoothing, classWeights } = options
  const oneHot = tf.oneHot(labels as never, classes).toFloat()
  const smooth = oneHot.mul(1 - labelSmoothing).add(labelSmoothing / classes)
  if (!classWeights) return smooth.div(labels.size)
  const weights = tf.tensor1d([...classWeights])
  // A batch whose labels all weigh nothing teaches nothing: 0 instead of 0 / 0.
  return smooth.mul(weights).divNoNan(oneHot.mul(weights).sum())
}

/**
 * Cross-entropy with label smoothing (Szegedy et al. 2016, section 7) and class weights w, as PyTorch's
 * CrossEntropyLoss has them: the sum over images i and classes c of -w[c] * target[i, c] * log softmax(logits)[i, c]
 * with target (1 - smoothing) * onehot + smoothing / classes, divided by the sum of w[label] over the batch.
 * @param logits [batch, classes]
 * @param labels int32 [batch], 0 to classes - 1
 */
export function crossEntropy(logits: Tensor, labels: Tensor, options: CrossEntropyOptions): Scalar {
  if (options.labelSmoothing === 0 && !options.classWeights) return softmaxCrossEntropy(logits, labels)
  return differentiable([logits], () => {
    const targets = weightedTargets(labels, logits.shape[1]!, options)
    const logProbabilities = logSoftmax(logits)
    const gradient = logProbabilities.exp().mul(targets.sum(-1, true)).sub(targets)
    return {
      value: targets.mul(logProbabilities).sum().neg(),
      saved: [gradient],
      gradients: (upstream, [perCell]) => [perCell!.mul(upstream)],
    }
  }) as Scalar
}
