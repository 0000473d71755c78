import type { Precision } from '../../domain/spec/training-spec.ts'
import { tf, type Tensor, type Tensor1D, type Tensor4D, type Variable } from '../backend.ts'
import { crossEntropy, type CrossEntropyOptions } from '../kernels/softmax-cross-entropy.ts'
import type { BuiltModel } from '../models/build-model.ts'
import { measured } from '../profile/step-profiler.ts'
import { EarlyUpdates } from './early-updates.ts'
import { countCorrect } from './evaluation/evaluate.ts'
import { clipByGlobalNorm } from './gradient-clip.ts'
import type { Optimizer } from './optimizers/optimizer.ts'

export interface Batch {
  /** [labels * crops, size, size, channels]; the crops of the first image first. */
  readonly images: Tensor4D
  /** int32 [labels] */
  readonly labels: Tensor1D
  /** Places of the images in their part of the data set. */
  readonly indices: Uint32Array
  /** Rows of `images` per label: 1, or 10 where an evaluation averages over crops. */
  readonly crops: number
}

export interface StepOptions extends CrossEntropyOptions {
  /** Number of the step, counted from 1: decides the dropout masks. */
  readonly step: number
  readonly learningRate: number
  readonly precision: Precision
  /** Largest norm of all gradients together; null: unlimited. */
  readonly gradientClipNorm: number | null
}

export interface StepResult {
  /** Loss of the batch before the update, dropout active. */
  readonly loss: number
  /** Share of the batch that the same forward pass classified correctly. */
  readonly accuracy: number
  /** Norm of all gradients together before clipping; null without clipping. */
  readonly gradientNorm: number | null
}

/** Weights of layers that the clock does not hold frozen. */
function trainedVariables({ weights, clock }: BuiltModel): Variable[] {
  return weights.filter(({ trainable, layer }) => trainable && !clock.frozen.has(layer)).map(({ variable }) => variable)
}

/** Clips and applies the gradients unless something is not finite. @returns their norm, null without clipping. */
function update(
  optimizer: Optimizer,
  gradients: Record<string, Tensor>,
  loss: number,
  { gradientClipNorm, learningRate }: StepOptions,
): number | null {
  const norm = gradientClipNorm === null ? null : clipByGlobalNorm(gradients, gradientClipNorm)
  if (Number.isFinite(loss) && Number.isFinite(norm ?? 0)) optimizer.apply(gradients, learningRate)
  return norm
}

function computeStep(model: BuiltModel, optimizer: Optimizer, batch: Batch, options: StepOptions): StepResult {
  const { clock } = model
  const { profiler } = clock
  const variables = trainedVariables(model)
  const early = new EarlyUpdates(variables, (gradients) =>
    measured(profiler, 'update', () => optimizer.apply(gradients, options.learningRate)),
  )
  let [loss, accuracy] = [NaN, 0]
  const forward = () => {
    const logits = model.logits.apply(batch.images, { training: true }) as Tensor
    accuracy = measured(profiler, 'results', () => countCorrect(logits, batch.labels) / batch.labels.size)
    const lossOf = () => crossEntropy(logits, batch.labels, options)
    const value = profiler ? profiler.lossOf(lossOf) : lossOf()
    loss = measured(profiler, 'results', () => value.dataSync()[0]!)
    clock.takeGradient = Number.isFinite(loss) && options.gradientClipNorm === null ? early.take : null
    return value
  }
  const gradients = variables.length > 0 ? tf.variableGrads(forward, variables).grads : (forward(), {})
  early.removeFrom(gradients)
  const gradientNorm = measured(profiler, 'update', () => update(optimizer, gradients, loss, options))
  return { loss, accuracy, gradientNorm }
}

/**
 * One optimizer step on one batch. Layers that `model.clock.frozen` names get no gradient.
 * When the loss or the norm by which gradients are clipped is not finite, the trainable weights are left as they are.
 */
export function trainingStep(model: BuiltModel, optimizer: Optimizer, batch: Batch, options: StepOptions): StepResult {
  const { clock } = model
  clock.step = options.step
  clock.precision = options.precision
  let result: StepResult = { loss: NaN, accuracy: 0, gradientNorm: null }
  try {
    tf.tidy(() => {
      result = computeStep(model, optimizer, batch, options)
    })
  } finally {
    clock.takeGradient = null
  }
  return result
}
