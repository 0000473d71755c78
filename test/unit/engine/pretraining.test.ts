import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { ConvolutionGeometry } from '../../../src-core/engine/pretraining/transposed-conv2d.ts'
import { tf, type Tensor } from '../../../src-core/engine/backend.ts'
import { relu, tanh } from '../../../src-core/engine/kernels/activations.ts'
import type { NamedWeight } from '../../../src-core/engine/models/build-model.ts'
import { Autoencoder } from '../../../src-core/engine/pretraining/autoencoder.ts'
import type { ReversibleLayer } from '../../../src-core/engine/pretraining/pretraining-method.ts'
import { pictureGroups } from '../../../src-core/engine/pretraining/pictures.ts'
import {
  hiddenUniforms,
  RestrictedBoltzmannMachine,
} from '../../../src-core/engine/pretraining/restricted-boltzmann-machine.ts'
import { transposedConv2d } from '../../../src-core/engine/pretraining/transposed-conv2d.ts'
import { expectDifferentiates, fixedValues } from './gradient-check.ts'

interface TransposedCase extends ConvolutionGeometry {
  size: number
  kernel: number
  output: number
  values: number[]
}

interface Reference {
  transposed: TransposedCase[]
  cd1: { kernel: number[]; hiddenBias: number[]; visibleBias: number[]; error: number }
}

const file = new URL('../../fixtures/pretraining.json', import.meta.url)
const reference = JSON.parse(readFileSync(file, 'utf8')) as Reference

function largestDifference(values: Tensor, expected: ArrayLike<number>): number {
  const found = values.dataSync()
  expect(found.length).toBe(expected.length)
  return Math.max(...Array.from(found, (value, index) => Math.abs(value - expected[index]!)))
}

function weight(name: string, values: Tensor): NamedWeight {
  return { name, layer: 'conv1', role: 'kernel', trainable: true, variable: tf.variable(values) }
}

interface Sizes {
  channels: number
  filters: number
  groups?: number
}

function reversibleLayer({ channels, filters, groups = 1 }: Sizes, geometry: Partial<ConvolutionGeometry> = {}) {
  return {
    kernel: weight('kernel', fixedValues([3, 3, channels / groups, filters], 1).mul(0.4)),
    hiddenBias: weight('bias', fixedValues([filters], 2)),
    visibleBias: weight('visible', fixedValues([channels], 3)),
    geometry: { stride: 1, padding: 'same', groups, ...geometry },
  } satisfies ReversibleLayer
}

describe('transposedConv2d', () => {
  test.each(reference.transposed)(
    'equals PyTorch with stride $stride, padding $padding, $groups groups, kernel $kernel',
    ({ size, kernel, output, values, ...geometry }) => {
      tf.tidy(() => {
        const hidden = fixedValues([2, output, output, 6], 2)
        const filter = fixedValues([kernel, kernel, 4 / geometry.groups, 6], 1)
        const found = transposedConv2d(hidden, filter, [2, size, size, 4], geometry)
        expect(largestDifference(found, values)).toBeLessThan(1e-5)
      })
    },
  )

  test.each([
    { stride: 1, padding: 'same', groups: 1 },
    { stride: 2, padding: 'same', groups: 2 },
    { stride: 2, padding: 'valid', groups: 1 },
  ] as const)('differentiates with %o', (geometry) => {
    const output = geometry.padding === 'valid' ? 2 : Math.ceil(5 / geometry.stride)
    const inputs = [fixedValues([1, output, output, 4]), fixedValues([3, 3, 2 / geometry.groups, 4], 1)]
    expectDifferentiates((h, w) => transposedConv2d(h!, w!, [1, 5, 5, 2], geometry), inputs)
  })
})

describe('Autoencoder', () => {
  const geometries = [
    { stride: 1, padding: 'same', groups: 1 },
    { stride: 2, padding: 'valid', groups: 2 },
    { stride: 2, padding: 'same', groups: 1 },
  ] as const

  test.each(geometries)('has the gradients of its error, by central differences, with %o', (geometry) => {
    const input = fixedValues([2, 5, 5, 2])
    const layer = reversibleLayer({ channels: 2, filters: 4, groups: geometry.groups }, geometry)
    const autoencoder = new Autoencoder(layer, tanh)
    const errorNow = (): number => {
      const { error, gradients } = autoencoder.estimate(input)
      tf.dispose(gradients)
      return error
    }
    const { gradients } = autoencoder.estimate(input)
    for (const { name, variable } of [layer.kernel, layer.hiddenBias, layer.visibleBias]) {
      const values = Float32Array.from(variable.dataSync())
      const gradient = gradients[variable.name]!.dataSync()
      for (let index = 0; index < values.length; index += 5) {
        const errorAt = (shift: number): number => {
          const moved = Float32Array.from(values)
          moved[index]! += shift
          tf.tidy(() => variable.assign(tf.tensor(moved, variable.shape)))
          return errorNow()
        }
        const numeric = (errorAt(1e-2) - errorAt(-1e-2)) / 2e-2
        expect(Math.abs(numeric - gradient[index]!), `${name} ${index}`).toBeLessThan(2e-3)
      }
      tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)))
    }
  })

  test('reports the mean squared difference to its own reconstruction', () => {
    tf.tidy(() => {
      const input = fixedValues([2, 5, 5, 2])
      const autoencoder = new Autoencoder(reversibleLayer({ channels: 2, filters: 3 }), relu)
      const difference = autoencoder.reconstruct(input).sub(input).square().mean().dataSync()[0]!
      expect(autoencoder.estimate(input).error).toBeCloseTo(difference, 6)
    })
  })

  test('leaves no tensor but the gradients', () => {
    const input = fixedValues([2, 5, 5, 2])
    const autoencoder = new Autoencoder(reversibleLayer({ channels: 2, filters: 3 }), relu)
    const before = tf.memory().numTensors
    const { gradients } = autoencoder.estimate(input)
    expect(tf.memory().numTensors).toBe(before + 3)
    tf.dispose(gradients)
  })
})

describe('RestrictedBoltzmannMachine', () => {
  const uniforms = (shape: readonly number[]): Tensor =>
    fixedValues([...shape], 6)
      .add(1)
      .div(2)

  test('estimates the gradient that NumPy computes from the same uniform numbers', () => {
    tf.tidy(() => {
      const layer = reversibleLayer({ channels: 2, filters: 3 })
      const machine = new RestrictedBoltzmannMachine(layer, uniforms)
      const { error, gradients } = machine.estimate(fixedValues([2, 5, 5, 2]).mul(2), 1)
      const { cd1 } = reference
      expect(error).toBeCloseTo(cd1.error, 4)
      expect(largestDifference(gradients[layer.kernel.variable.name]!, cd1.kernel)).toBeLessThan(1e-5)
      expect(largestDifference(gradients[layer.hiddenBias.variable.name]!, cd1.hiddenBias)).toBeLessThan(1e-5)
      expect(largestDifference(gradients[layer.visibleBias.variable.name]!, cd1.visibleBias)).toBeLessThan(1e-5)
    })
  })

  test('draws by seed, layer and step alone', () => {
    tf.tidy(() => {
      const draw = (seed: number, layer: string, step: number) => hiddenUniforms(seed, layer)([2, 3], step).dataSync()
      expect(draw(1, 'conv1', 5)).toEqual(draw(1, 'conv1', 5))
      expect(draw(1, 'conv1', 6)).not.toEqual(draw(1, 'conv1', 5))
      expect(draw(1, 'conv2', 5)).not.toEqual(draw(1, 'conv1', 5))
      expect(draw(2, 'conv1', 5)).not.toEqual(draw(1, 'conv1', 5))
    })
  })

  test('keeps an input of zeros finite', () => {
    tf.tidy(() => {
      const machine = new RestrictedBoltzmannMachine(reversibleLayer({ channels: 2, filters: 3 }), uniforms)
      expect(machine.estimate(tf.zeros([2, 5, 5, 2]), 1).error).toBeGreaterThanOrEqual(0)
    })
  })
})

describe('pictureGroups', () => {
  const bytes = (pixels: string): number[] => [...Buffer.from(pixels, 'base64')]

  test('scales both groups together', () => {
    const [first, second] = pictureGroups([tf.tensor4d([0, 1, 2, 3], [1, 2, 2, 1]), tf.fill([1, 2, 2, 1], 5)], true)
    expect(bytes(first!.pixels)).toEqual([0, 51, 102, 153])
    expect(bytes(second!.pixels)).toEqual([255, 255, 255, 255])
  })

  test('shows the mean over the channels of a deeper layer, also when there are three', () => {
    const [{ channels, count, size, pixels }] = pictureGroups(
      [tf.tensor4d([0, 1, 5, 4, 4, 4], [1, 1, 2, 3]).tile([1, 2, 1, 1])],
      false,
    ) as [ReturnType<typeof pictureGroups>[number]]
    expect({ channels, count, size }).toEqual({ channels: 1, count: 1, size: 2 })
    expect(bytes(pixels)).toEqual([0, 255, 0, 255])
  })

  test('shrinks what is larger than 64 pixels', () => {
    const [large] = pictureGroups([tf.ones([2, 100, 100, 3])], true)
    expect(large).toMatchObject({ count: 2, size: 64, channels: 3 })
    expect(bytes(large!.pixels)).toHaveLength(2 * 64 * 64 * 3)
  })
})
