import { learningRateAt } from '../../src-core/domain/schedule/learning-rate.ts'
import { tf, type Tensor } from '../../src-core/engine/backend.ts'
import { buildModel, type BuiltModel } from '../../src-core/engine/models/build-model.ts'
import { makeOptimizer } from '../../src-core/engine/training/optimizers/make-optimizer.ts'
import { trainingStep } from '../../src-core/engine/training/step.ts'
import { inferenceBatch, referenceBatch, setReferenceWeights } from './reference-values.ts'
import type { Trajectory, TrajectoryConfig } from './trajectory-file.ts'
import { trajectoryModel, trajectoryTraining } from './trajectory-spec.ts'

/** What a replay found, in the form of the reference. */
export interface Replay {
  readonly losses: number[]
  /** L2 norms of the kernels after the last step, from the first layer to the last. */
  readonly kernelNorms: number[]
  readonly logits: number[][]
  readonly params: number
}

/** Largest differences between a replay and its reference. */
export interface Difference {
  readonly maxRelLoss: number
  readonly maxAbsLogit: number
  readonly maxRelKernelNorm: number
}

function trainedLosses(config: TrajectoryConfig, model: BuiltModel): number[] {
  const training = trajectoryTraining(config)
  const optimizer = makeOptimizer(training, model.weights, model.learned)
  const losses = Array.from({ length: config.steps }, (_, step) => {
    const position = { step, stepsPerEpoch: config.steps, totalSteps: config.steps, history: [] }
    const options = { ...training, step: step + 1, learningRate: learningRateAt(training, position) }
    const batch = referenceBatch(config, step)
    const { loss } = trainingStep(model, optimizer, batch, options)
    tf.dispose([batch.images, batch.labels])
    return loss
  })
  optimizer.dispose()
  return losses
}

function kernelNorms({ weights, learned }: BuiltModel): number[] {
  return learned.map((layer) => {
    const kernel = weights.find(({ name }) => name === `${layer}/kernel`)!
    return tf.tidy(() => kernel.variable.norm().dataSync()[0]!)
  })
}

function inferenceLogits(config: TrajectoryConfig, { logits }: BuiltModel): number[][] {
  return tf.tidy(() => (logits.apply(inferenceBatch(config), { training: false }) as Tensor).arraySync() as number[][])
}

/**
 * Trains the network of a case with the code that trains for users.
 * @throws WorkbenchError `invalid-value`, `input-too-small` for what Ablate cannot build.
 */
export function replay(config: TrajectoryConfig): Replay {
  const model = buildModel(trajectoryModel(config), 1)
  try {
    setReferenceWeights(model, config.gain)
    const trainable = model.weights.filter((weight) => weight.trainable)
    const losses = trainedLosses(config, model)
    return {
      losses,
      kernelNorms: kernelNorms(model),
      logits: inferenceLogits(config, model),
      params: trainable.reduce((sum, { variable }) => sum + variable.size, 0),
    }
  } finally {
    model.dispose()
  }
}

/** The largest value; NaN when any is NaN, and where a list is shorter than the other. */
function largest(ours: readonly number[], theirs: readonly number[], difference: (a: number, b: number) => number) {
  const length = Math.max(ours.length, theirs.length)
  return Math.max(...Array.from({ length }, (_, index) => difference(ours[index] ?? NaN, theirs[index] ?? NaN)))
}

const absolute = (a: number, b: number): number => Math.abs(a - b)
const relative = (a: number, b: number): number => Math.abs(a - b) / Math.abs(b)

/** How far a replay is from the reference. */
export function differenceTo(expected: Trajectory['expected'], { losses, kernelNorms, logits }: Replay): Difference {
  const norms = Object.values(expected.kernel_sum_and_norm).map(([, norm]) => norm)
  return {
    maxRelLoss: largest(losses, expected.losses, relative),
    maxAbsLogit: largest(logits.flat(), expected.eval_logits.flat(), absolute),
    maxRelKernelNorm: largest(kernelNorms, norms, relative),
  }
}
