import { describe, expect, it } from 'vitest'
import { tf, type Tensor, type Tensor2D, type Tensor4D } from '../../../../src-core/engine/backend.ts'
import {
  directKernels,
  type ConvolutionKernels,
  type ConvolutionOptions,
} from '../../../../src-core/engine/kernels/convolution/convolution-kernels.ts'
import { differentiable } from '../../../../src-core/engine/kernels/differentiable.ts'
import {
  convolutionMethod,
  prefersWinograd,
  type Direction,
} from '../../../../src-core/engine/kernels/convolution/winograd/preference.ts'
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
    expect(plans.map(({ tiles, images }) => [images, tiles])).toEqual([
      [2, 8],
      [2, 8],
      [1, 4],
    ])
    for (const { images, outputTileRows, pixelRows, overlapPixels } of plans) {
      const pixels = Array.from({ length: images * 42 }, (_, pixel) => pixel)
      const covered = [...outputTileRows].filter((row) => row < images * 42)
      expect(covered.sort((a, b) => a - b)).toEqual(pixels)
      expect(pixelRows).toHaveLength(pixels.length)
      expect([...new Set(overlapPixels)]).toEqual(pixels)
    }
  })

  it('stretches change no value and no gradient: 200 images take two', () => {
    const input = statelessNormal([200, 27, 27, 8], [1, 0])
    const filter = statelessNormal([5, 5, 8, 16], [2, 0])
    const upstream = statelessNormal([200, 27, 27, 16], [3, 0])
    tf.tidy(() => {
      const all = ({ forward, bothGradients }: ConvolutionKernels): Tensor[] => [
        forward(input, filter),
        ...bothGradients(upstream, input, filter),
      ]
      const expected = all(direct)
      // The gradient of the filter sums over 145,800 places.
      all(winogradKernels).forEach((tensor, which) => {
        expect(largestDifference(tensor, expected[which]!)).toBeLessThan(4e-5)
      })
    })
    tf.dispose([input, filter, upstream])
  })

  it('plans of the same stretches are made once', () => {
    const geometry = { images: 3, height: 13, width: 13, taps: 3 }
    expect(planTiles(geometry, 91)).toBe(planTiles(geometry, 75))
  })
})

describe('the choice', () => {
  const same = { stride: 1, padding: 'same' } as const
  const choice = (direction: Direction, filter: number[], image: number[], options: ConvolutionOptions = same) =>
    prefersWinograd(direction, filter, image, options, 'auto')

  it.each([
    { layer: 'conv2 of AlexNet', filter: [5, 5, 96, 256], image: [32, 27, 27, 96], expected: [true, true] },
    { layer: 'conv4 of AlexNet', filter: [3, 3, 384, 384], image: [32, 13, 13, 384], expected: [true, true] },
    { layer: 'one image', filter: [3, 3, 384, 384], image: [1, 13, 13, 384], expected: [false, false] },
    { layer: 'few channels', filter: [5, 5, 24, 64], image: [64, 31, 31, 24], expected: [false, false] },
    { layer: 'a middling layer', filter: [3, 3, 128, 128], image: [32, 13, 13, 128], expected: [false, true] },
    { layer: 'tiles that overhang', filter: [3, 3, 256, 256], image: [64, 6, 6, 256], expected: [false, true] },
    { layer: 'three by three images', filter: [3, 3, 256, 256], image: [64, 3, 3, 256], expected: [false, false] },
  ])('of $layer, forward and backward', ({ filter, image, expected }) => {
    expect([choice('forward', filter, image), choice('backward', filter, image)]).toEqual(expected)
  })

  it('is the direct kernels where the method does not exist', () => {
    const [filter, image] = [
      [3, 3, 384, 384],
      [32, 13, 13, 384],
    ]
    expect(choice('forward', filter, image, { stride: 2, padding: 'same' })).toBe(false)
    expect(choice('forward', filter, image, { stride: 1, padding: 'valid' })).toBe(false)
    expect(choice('forward', [3, 5, 384, 384], image)).toBe(false)
    expect(choice('forward', [7, 7, 384, 384], image)).toBe(false)
  })

  it('is the direct kernels with AVX-512 and on a GPU, unless the environment says otherwise', () => {
    expect(convolutionMethod(undefined, ['avx', 'avx2'], false)).toBe('auto')
    expect(convolutionMethod('', ['avx', 'avx2', 'avx512f'], false)).toBe('direct')
    expect(convolutionMethod(undefined, ['avx2'], true)).toBe('direct')
    expect(convolutionMethod('winograd', ['avx512f'], false)).toBe('winograd')
    expect(convolutionMethod('direct', ['avx2'], false)).toBe('direct')
    expect(() => convolutionMethod('Direct', ['avx2'], false)).toThrow('must be direct, winograd or auto')
  })
})
