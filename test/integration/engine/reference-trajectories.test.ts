import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { uniformGenerator } from '../../../src-core/domain/random.ts'
import { recipeSpec } from '../../../src-core/domain/spec/recipes.ts'
import type { ModelSpec } from '../../../src-core/domain/spec/model-spec.ts'
import { tf, type Tensor, type Tensor1D, type Tensor4D } from '../../../src-core/engine/backend.ts'
import { buildModel, type BuiltModel } from '../../../src-core/engine/models/build-model.ts'
import { MomentumOptimizer } from '../../../src-core/engine/training/optimizer.ts'
import { trainingStep } from '../../../src-core/engine/training/step.ts'

/**
 * Five optimizer steps of small AlexNets against numbers that PyTorch computed in float64.
 * test/fixtures/trajectories.json says how every weight, image and label is made.
 */

interface TrajectoryCase {
  config: {
    size: number
    classes: number
    batch: number
    steps: number
    widths: number[]
    dense: number[]
    kernels: number[]
    pads: ('same' | 'valid')[]
    pools: number[]
    norm: 'none' | 'bn' | 'lrn'
    norm_at: number[]
    dense_bn: boolean
    gain: number
    optimizer: { lr: number; momentum: number; weight_decay?: { value: number } }
    bn?: { epsilon: number; momentum: number }
    lrn?: { n: number; k: number; alpha: number; beta: number }
  }
  expected: {
    losses: number[]
    kernel_sum_and_norm: Record<string, [number, number]>
    eval_logits: number[][]
    params: number
  }
}

const file = new URL('../../fixtures/trajectories.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Record<string, TrajectoryCase> }

function modelSpec({ config }: TrajectoryCase): ModelSpec {
  const { lrn, bn } = recipeSpec('table-lrn').model.normalization
  return {
    input: { size: config.size, channels: 3 },
    classes: config.classes,
    widthMultiplier: 1,
    convolutions: config.widths.map((filters, i) => ({
      filters,
      kernel: config.kernels[i]!,
      stride: i === 0 ? 4 : 1,
      padding: config.pads[i]!,
      pool: config.pools[i] ? { size: config.pools[i]!, stride: 2 } : null,
    })),
    dense: config.dense.map((units) => ({ units })),
    activation: 'relu',
    normalization: {
      kind: config.norm,
      blocks: config.norm_at.map((block) => block + 1),
      dense: config.dense_bn,
      lrn: config.lrn ?? lrn,
      bn: config.bn ?? bn,
    },
    dropout: { rate: 0, position: 'before-dense' },
    initializer: 'he-normal',
  }
}

/** Numbers that `value` makes of the uniform stream of `seed`, in row-major order. */
function stream(shape: number[], seed: number, value: (u: number) => number): Tensor {
  const random = uniformGenerator(seed)
  const size = shape.reduce((product, side) => product * side, 1)
  return tf.tensor(
    Float32Array.from({ length: size }, () => value(random())),
    shape,
  )
}

const isLearned = (name: string): boolean => /^(conv|fc)/.test(name)

function setReferenceWeights({ weights }: BuiltModel, gain: number): void {
  const layers = [...new Set(weights.map(({ name }) => name.split('/')[0]!))].sort()
  const learned = layers.filter(isLearned)
  const normalized = layers.filter((name) => !isLearned(name))
  for (const { name, variable } of weights) {
    const [layer, kind] = name.split('/') as [string, string]
    const { shape } = variable
    const fanIn = shape.slice(0, -1).reduce((product, side) => product * side, 1)
    const makers: Record<string, () => Tensor> = {
      kernel: () => stream(shape, 1000 + learned.indexOf(layer), (u) => (2 * u - 1) * Math.sqrt(3 / fanIn) * gain),
      bias: () => stream(shape, 2000 + learned.indexOf(layer), (u) => 0.1 * (2 * u - 1)),
      gamma: () => stream(shape, 3000 + normalized.indexOf(layer), (u) => 1 + 0.1 * (2 * u - 1)),
      beta: () => stream(shape, 4000 + normalized.indexOf(layer), (u) => 0.1 * (2 * u - 1)),
      moving_mean: () => tf.zeros(shape),
      moving_variance: () => tf.ones(shape),
    }
    const value = makers[kind]!()
    variable.assign(value)
    value.dispose()
  }
}

function referenceBatch({ size, batch, classes }: TrajectoryCase['config'], step: number) {
  return {
    images: stream([batch, size, size, 3], 5000 + step, (u) => 2 * u - 1) as Tensor4D,
    labels: tf.tensor1d(
      Array.from({ length: batch }, (_, i) => (3 * i + step) % classes),
      'int32',
    ) as Tensor1D,
  }
}

/** The paper's weight decay with a constant learning rate: v = m*v - wd*lr*w - lr*g is g + wd*w as the gradient. */
function decayingOptimizer(optimizer: MomentumOptimizer, model: BuiltModel, decay: number) {
  const variables = new Map(model.weights.map(({ variable }) => [variable.name, variable]))
  const apply = (gradients: Record<string, Tensor>): void => {
    for (const [name, gradient] of Object.entries(gradients)) {
      gradients[name] = gradient.add(variables.get(name)!.mul(decay))
    }
    optimizer.apply(gradients)
  }
  return { apply } as MomentumOptimizer
}

function replay(reference: TrajectoryCase) {
  const { config } = reference
  const model = buildModel(modelSpec(reference), 1)
  setReferenceWeights(model, config.gain)
  const { lr: learningRate, momentum, weight_decay } = config.optimizer
  const plain = new MomentumOptimizer(model.weights, { learningRate, momentum })
  const optimizer = weight_decay ? decayingOptimizer(plain, model, weight_decay.value) : plain
  const losses = Array.from({ length: config.steps }, (_, step) => {
    const batch = referenceBatch(config, step)
    const { loss } = trainingStep(model, optimizer, batch, step + 1)
    tf.dispose([batch.images, batch.labels])
    return loss
  })
  return { model, losses }
}

/** Logits of two further images (stream 9000) with the moving statistics. */
function inferenceLogits({ config }: TrajectoryCase, { logits }: BuiltModel): number[][] {
  return tf.tidy(() => {
    const images = stream([2, config.size, config.size, 3], 9000, (u) => 2 * u - 1)
    return (logits.predict(images) as Tensor).arraySync() as number[][]
  })
}

describe.each(['plain-sgd', 'lrn', 'bn-after-pool'])('reference trajectory %s', (name) => {
  const reference = cases[name]!
  const { model, losses } = replay(reference)

  test('has the reference number of parameters', () => {
    const trainable = model.weights.filter((weight) => weight.trainable)
    expect(trainable.reduce((sum, { variable }) => sum + variable.size, 0)).toBe(reference.expected.params)
  })

  test('follows the losses', () => {
    losses.forEach((loss, step) => {
      const expected = reference.expected.losses[step]!
      expect(Math.abs(loss - expected) / expected).toBeLessThan(1e-4)
    })
  })

  test('ends in the same kernels', () => {
    const kernels = model.weights.filter(({ name }) => name.endsWith('/kernel'))
    const expected = Object.values(reference.expected.kernel_sum_and_norm)
    kernels.forEach(({ variable }, i) => {
      const norm = tf.tidy(() => variable.norm().dataSync()[0]!)
      expect(Math.abs(norm - expected[i]![1]) / expected[i]![1]).toBeLessThan(1e-5)
    })
  })

  test('gives the same logits for inference', () => {
    const logits = inferenceLogits(reference, model)
    reference.expected.eval_logits.flat().forEach((expected, i) => {
      expect(Math.abs(logits.flat()[i]! - expected)).toBeLessThan(1e-4)
    })
  })
})
