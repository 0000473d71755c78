import { describe, expect, it } from 'vitest'
import { tf, type Tensor, type Tensor2D, type Tensor4D } from '../../../../src-core/engine/backend.ts'
import {
  directKernels,
  type ConvolutionKernels,
} from '../../../../src-core/engine/kernels/convolution/convolution-kernels.ts'
import { differentiable } from '../../../../src-core/engine/kernels/differentiable.ts'
import { planTiles } from '../../../../src-core/engine/kernels/convolution/winograd/tiles.ts'
import { statelessNormal } from '../../../../src-core/engine/kernels/stateless-random.ts'
import { tileTransforms, type FlatMatrix } from '../../../../src-core/engine/kernels/convolution/winograd/transforms.ts'
import { winogradKernels } from '../../../../src-core/engine/kernels/convolution/winograd/winograd-conv2d.ts'
import { expectDifferentiates, expectSameAs, fixedValues } from '../gradient-check.ts'

const direct = directKernels({ stride: 1, padding: 'same' })

function convolution(kernels: ConvolutionKernels): (input: Tensor, filter: Tensor) => Tensor {
  return (input, filter) =>
    differentiable([input, filter], () => ({
      value: kernels.forward(input, filter),
      saved: [input, filter],
      gradients: (upstream, [images, weights]) => kernels.bothGradients(upstream, images!, weights!),
    }))
}

function largestDifference(a: Tensor, b: Tensor): number {
  return tf.tidy(() => a.sub(b).abs().max().div(b.abs().max()).dataSync()[0]!)
}

function product({ rows, columns, values }: FlatMatrix, column: Tensor): Tensor {
  return tf.matMul(tf.tensor2d(values, [rows, columns]), column as Tensor2D)
}

describe("Winograd's minimal filtering", () => {
  it.each([3, 5])('transforms one tile and a filter of %i taps to what their correlation gives', (taps) => {
    const { input, filter, output } = tileTransforms(taps)
    tf.tidy(() => {
      const tile = fixedValues([36, 1])
      const weights = fixedValues([taps * taps, 1], 1)
      const transformed = product(input, tile).mul(product(filter, weights))
      const image = tile.reshape<Tensor4D>([1, 6, 6, 1])
      const correlation = tf.conv2d(image, weights.reshape<Tensor4D>([taps, taps, 1, 1]), 1, 'valid')
      expect(largestDifference(product(output, transformed).flatten(), correlation.flatten())).toBeLessThan(2e-6)
    })
  })

  it.each([
    { taps: 3, side: 13, batch: 2 },
    { taps: 5, side: 27, batch: 1 },
    { taps: 3, side: 4, batch: 1 },
    { taps: 5, side: 3, batch: 3 },
  ])('equals the direct convolution and its gradients: $taps taps, $side pixels', ({ taps, side, batch }) => {
    const inputs = [fixedValues([batch, side, side, 3]), fixedValues([taps, taps, 3, 4], 1).mul(0.3)]
    expectSameAs(convolution(winogradKernels), convolution(direct), inputs, 2e-4)
  })

  it('equals the direct convolution on images that are not square', () => {
    const inputs = [fixedValues([2, 7, 10, 2]), fixedValues([3, 3, 2, 3], 1)]
    expectSameAs(convolution(winogradKernels), convolution(direct), inputs, 1e-4)
  })

  it('has gradients that are central differences of its values', () => {
    const inputs = [fixedValues([1, 5, 5, 2]), fixedValues([3, 3, 2, 2], 1)]
    expectDifferentiates(convolution(winogradKernels), inputs)
  })

  it('rounds like float32 over hundreds of channels: a relative error of 1e-5 at most, in all three directions', () => {
    tf.tidy(() => {
      // Without a pattern: sums that cancel would show the rounding of their terms.
      const input = statelessNormal([4, 13, 13, 256], [1, 0])
      const filter = statelessNormal([3, 3, 256, 128], [2, 0])
      const upstream = statelessNormal([4, 13, 13, 128], [3, 0])
      const pairs = [direct, winogradKernels].map((kernels) => [
        kernels.forward(input, filter),
        kernels.inputGradient(upstream, input.shape, filter),
        kernels.filterGradient(upstream, input, filter.shape),
      ])
      pairs[0]!.forEach((expected, which) => {
        expect(largestDifference(pairs[1]![which]!, expected)).toBeLessThan(1e-5)
      })
    })
  })

  it('gives the same gradients one by one and together, bit for bit', () => {
    tf.tidy(() => {
      const [input, filter] = [fixedValues([2, 9, 9, 4]), fixedValues([5, 5, 4, 6], 1)]
      const upstream = fixedValues([2, 9, 9, 6], 2)
      const [images, weights] = winogradKernels.bothGradients(upstream, input, filter)
      const alone = winogradKernels.inputGradient(upstream, input.shape, filter)
      expect(images.dataSync()).toEqual(alone.dataSync())
      expect(weights.dataSync()).toEqual(winogradKernels.filterGradient(upstream, input, filter.shape).dataSync())
    })
  })
})

describe('tiles', () => {
  it('a large batch goes through in stretches, the last one shorter, that cover every pixel once', () => {
    const plans = planTiles({ images: 5, height: 7, width: 6, taps: 3 }, 2)
    expect(plans.map(({ tiles }) => tiles)).toEqual([8, 8, 4])
    const covered = plans.flatMap(({ outputTileRows }) => [...outputTileRows]).filter((row) => row < 5 * 42)
    expect(covered.sort((a, b) => a - b)).toEqual(Array.from({ length: 5 * 42 }, (_, pixel) => pixel))
  })

  it('stretches change no value', () => {
    tf.tidy(() => {
      // Tiles of 40 images of 32 x 32 x 64 take more than one stretch.
      const [input, filter] = [fixedValues([40, 32, 32, 64]), fixedValues([3, 3, 64, 64], 1)]
      const whole = winogradKernels.forward(input, filter)
      const one = winogradKernels.forward(input.slice([39, 0, 0, 0], [1, 32, 32, 64]), filter)
      expect(largestDifference(whole.slice([39, 0, 0, 0], [1, 32, 32, 64]), one)).toBeLessThan(1e-6)
    })
  })
})
