import { uniformGenerator } from '../../src-core/domain/random.ts'
import { tf, type Tensor, type Tensor1D, type Tensor4D } from '../../src-core/engine/backend.ts'
import type { BuiltModel } from '../../src-core/engine/models/build-model.ts'
import type { Batch } from '../../src-core/engine/training/step.ts'
import type { TrajectoryConfig } from './trajectory-file.ts'

/** First seeds of the streams out of which a trajectory's numbers come. */
const seeds = { kernel: 1000, bias: 2000, gamma: 3000, beta: 4000, images: 5000, inference: 9000 } as const

const inferenceImages = 2

/** Numbers that `value` makes of the uniform stream of `seed`, in row-major order. */
function stream(shape: readonly number[], seed: number, value: (u: number) => number): Tensor {
  const random = uniformGenerator(seed)
  const size = shape.reduce((product, side) => product * side, 1)
  return tf.tensor(
    Float32Array.from({ length: size }, () => value(random())),
    [...shape],
  )
}

const around = (centre: number, spread: number) => (u: number) => centre + spread * (2 * u - 1)

/** The normalisations with weights, in the order of the network. */
function normalizedLayers({ weights }: BuiltModel): string[] {
  const names = weights.filter(({ role }) => role === 'normalization').map(({ name }) => name.split('/')[0]!)
  const number = (name: string): number => Number(/\d+$/.exec(name)?.[0])
  return [...new Set(names)].sort((a, b) => number(a) - number(b))
}

/** Sets every trainable weight as the reference does; moving statistics stay at 0 and 1. */
export function setReferenceWeights(model: BuiltModel, gain: number): void {
  const normalized = normalizedLayers(model)
  for (const { name, layer, trainable, variable } of model.weights) {
    if (!trainable) continue
    const [owner, kind] = name.split('/') as [string, 'kernel' | 'bias' | 'gamma' | 'beta']
    const { shape } = variable
    const fanIn = shape.slice(0, -1).reduce((product, side) => product * side, 1)
    const values = { kernel: around(0, Math.sqrt(3 / fanIn) * gain), bias: around(0, 0.1), beta: around(0, 0.1) }
    const place = kind === 'kernel' || kind === 'bias' ? model.learned.indexOf(layer) : normalized.indexOf(owner)
    const value = stream(shape, seeds[kind] + place, kind === 'gamma' ? around(1, 0.1) : values[kind])
    variable.assign(value)
    value.dispose()
  }
}

/** Images and labels of a step, counted from 0. The caller disposes of the tensors. */
export function referenceBatch({ size, batch, classes }: TrajectoryConfig, step: number): Batch {
  const labels = Int32Array.from({ length: batch }, (_, image) => (3 * image + step) % classes)
  return {
    images: stream([batch, size, size, 3], seeds.images + step, around(0, 1)) as Tensor4D,
    labels: tf.tensor1d(labels, 'int32') as Tensor1D,
    indices: Uint32Array.from(labels.keys()),
    crops: 1,
  }
}

/** The two images whose logits are compared after the last step. */
export function inferenceBatch({ size }: TrajectoryConfig): Tensor4D {
  return stream([inferenceImages, size, size, 3], seeds.inference, around(0, 1)) as Tensor4D
}
