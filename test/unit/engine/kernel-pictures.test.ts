import { describe, expect, it } from 'vitest'
import { artifactSchema } from '../../../src-core/domain/evaluation/artifact.ts'
import { smallSpec } from '../../support/specs.ts'
import { tf } from '../../../src-core/engine/backend.ts'
import { filtersAfter, firstKernels } from '../../../src-core/engine/inspection/kernels.ts'
import { kernelPictures } from '../../../src-core/engine/inspection/kernel-pictures.ts'
import { buildModel } from '../../../src-core/engine/models/build-model.ts'

const bytesOf = (pixels: string): number[] => [...Buffer.from(pixels, 'base64')]

describe('kernels as pictures', () => {
  it('are stretched one by one, and remember what their bytes stand for', () => {
    // Two kernels of 2 x 2 on grey, the filters innermost as TensorFlow has them.
    const weights = Float32Array.from([0, -1, 1, 1, 2, 0, 4, 3])
    const { kernels, lowest, highest } = kernelPictures(weights, [2, 2, 1, 2], 64)
    expect(kernels).toMatchObject({ count: 2, size: 2, channels: 1 })
    expect(bytesOf(kernels.pixels)).toEqual([0, 64, 128, 255, 0, 128, 64, 255])
    expect([lowest, highest]).toEqual([
      [0, -1],
      [4, 3],
    ])
  })

  it('give weights back within 1/510 of the range of their kernel', () => {
    const model = buildModel(smallSpec().model, 3)
    const { variable } = model.weights.find(({ name }) => name === 'conv1/kernel')!
    const weights = variable.dataSync<'float32'>()
    const [size, , channels, filters] = variable.shape as [number, number, number, number]
    const { kernels, lowest, highest } = filtersAfter(5, model)!
    const bytes = bytesOf(kernels.pixels)
    const length = size * size * channels
    for (let kernel = 0; kernel < filters; kernel++) {
      const range = highest[kernel]! - lowest[kernel]!
      for (let at = 0; at < length; at++) {
        const read = lowest[kernel]! + (bytes[kernel * length + at]! / 255) * range
        expect(Math.abs(read - weights[at * filters + kernel]!)).toBeLessThanOrEqual(range / 510 + 1e-9)
      }
    }
    model.dispose()
  })

  it('show the first ones of many, a constant kernel as black, and what is not finite as 0', () => {
    const { kernels, lowest, highest } = kernelPictures(Float32Array.from([7, NaN, 1, 7, Infinity, 1]), [1, 1, 2, 3], 2)
    // Of size 1 x 1 with two channels: the first kernel is 7, 7.
    expect(kernels.count).toBe(2)
    expect(bytesOf(kernels.pixels)).toEqual([0, 0, 0, 0])
    expect([lowest, highest]).toEqual([
      [7, 0],
      [7, 0],
    ])
  })

  it('are the same from a run and from its checkpoint, make no tensor, and pass the schema', () => {
    const model = buildModel(smallSpec().model, 3)
    const before = tf.memory().numTensors
    const kept = filtersAfter(12, model)!
    expect(artifactSchema.parse(kept)).toMatchObject({ kind: 'filters', step: 12, layer: 'conv1', total: 10 })
    expect(firstKernels(model).kernels).toEqual(kept.kernels)
    expect(tf.memory().numTensors).toBe(before)
    const uneven = { ...kept, lowest: kept.lowest.slice(1) }
    expect(artifactSchema.safeParse(uneven).error?.issues[0]?.message).toContain('for each kernel')
    model.dispose()
  })

  it('are none in a network without a convolution', () => {
    expect(filtersAfter(0, { weights: [] })).toBeNull()
  })
})
