import { attribute, executeMany, types, type Scalar, type Tensor } from '../backend.ts'
import { floatType } from './attributes.ts'
import { differentiable } from './differentiable.ts'

const attributes = [floatType, attribute.type('Tlabels', types.int32)]

/** Cross-entropy of each row. @param logits [batch, classes] @param labels int32 [batch] @returns [batch] */
export function softmaxCrossEntropies(logits: Tensor, labels: Tensor): Tensor {
  return executeMany('SparseSoftmaxCrossEntropyWithLogits', attributes, [logits, labels], 2)[0]!
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
