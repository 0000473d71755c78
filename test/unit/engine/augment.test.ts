import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { noAugmentation } from '../../../src-core/domain/spec/data-spec.ts'
import { tf, type Tensor4D } from '../../../src-core/engine/backend.ts'
import { resample, type Placement } from '../../../src-core/engine/data/augmentation/affine.ts'
import { drawImageChange, noiseSeed, type ImageChange } from '../../../src-core/engine/data/augmentation/draws.ts'
import { changePixels, channelOffsets } from '../../../src-core/engine/data/augmentation/pixel-values.ts'
import {
  channelCovariance,
  principalComponents,
} from '../../../src-core/engine/data/augmentation/principal-components.ts'
import { everyChange } from './augment-datasets.ts'

interface Reference {
  readonly affine: {
    readonly side: number
    readonly image: number[]
    readonly cases: { readonly placement: Placement; readonly size: number; readonly result: number[] }[]
  }
  readonly components: {
    readonly bytes: number[]
    readonly covariance: number[][]
    readonly variances: number[]
    readonly directions: number[][]
    readonly alphas: [number, number, number]
    readonly shift: number[]
  }
}

const reference = JSON.parse(readFileSync('test/fixtures/augmentation.json', 'utf8')) as Reference

function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-6): void {
  expect(got.length).toBe(expected.length)
  for (let i = 0; i < expected.length; i++) expect(Math.abs(got[i]! - expected[i]!)).toBeLessThan(tolerance)
}

/** The values of a tensor, and its memory back. */
function valuesOf(images: Tensor4D): number[] {
  const values = [...images.dataSync()]
  images.dispose()
  return values
}

const still: ImageChange = {
  cropRow: 0,
  cropColumn: 0,
  mirrored: false,
  angle: 0,
  scale: 1,
  shiftDown: 0,
  shiftRight: 0,
  contrast: 1,
  brightness: 0,
  colorShifts: [0, 0, 0],
}

describe('resample', () => {
  // Values that a bilinear weight of anything but 0 or 1 would change in the last bits.
  const picture = Array.from({ length: 9 }, (_, index) => Math.fround(Math.sqrt(index + 2)))
  const [a, b, c, d, e, f, g, h, i] = picture as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const move = (placement: Partial<Placement>, size = 3): number[] =>
    tf.tidy(() => [...resample(tf.tensor4d(picture, [1, 3, 3, 1]), [{ ...still, ...placement }], size).dataSync()])

  test.each([
    ['nothing', {}, picture],
    ['a shift to the right and down', { shiftRight: 1, shiftDown: 1 }, [0, 0, 0, 0, a, b, 0, d, e]],
    ['a shift to the left', { shiftRight: -2 }, [c, 0, 0, f, 0, 0, i, 0, 0]],
    ['the mirror image', { mirrored: true }, [c, b, a, f, e, d, i, h, g]],
    ['the mirror image, shifted', { mirrored: true, shiftRight: 1 }, [0, c, b, 0, f, e, 0, i, h]],
  ] as const)('copies pixels exactly: %s', (_, placement, expected) => {
    expect(move(placement)).toEqual([...expected])
  })

  test('cuts out exactly, and what a shift moves in is the picture around the crop', () => {
    expect(move({ cropRow: 1, cropColumn: 0 }, 2)).toEqual([d, e, g, h])
    expect(move({ cropRow: 1, cropColumn: 0, mirrored: true }, 2)).toEqual([e, d, h, g])
    expect(move({ cropRow: 1, cropColumn: 0, shiftDown: 1 }, 2)).toEqual([a, b, d, e])
    expect(move({ cropRow: 1, cropColumn: 0, shiftRight: 1 }, 2)).toEqual([0, d, 0, g])
  })

  test('turns clockwise for positive angles', () => {
    expectClose(move({ angle: Math.PI / 2 }), [g, d, a, h, e, b, i, f, c])
  })

  test.each(reference.affine.cases)('equals PyTorch and SciPy for $placement', ({ placement, size, result }) => {
    const { side, image } = reference.affine
    const got = tf.tidy(() => [...resample(tf.tensor4d(image, [1, side, side, 1]), [placement], size).dataSync()])
    expectClose(got, result, 5e-6)
  })

  test('moves each image by its own numbers and all its channels together', () => {
    const images = tf.tensor4d([1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60, 7, 70, 8, 80], [2, 2, 2, 2])
    const moved = resample(
      images,
      [
        { ...still, shiftRight: 1 },
        { ...still, mirrored: true },
      ],
      2,
    )
    images.dispose()
    expect(valuesOf(moved)).toEqual([0, 0, 1, 10, 0, 0, 3, 30, 6, 60, 5, 50, 8, 80, 7, 70])
  })
})

describe('drawImageChange', () => {
  const draw = (finishedSteps: number, place = 0, augmentation = everyChange): ImageChange =>
    drawImageChange(augmentation, { runSeed: 9, finishedSteps, place }, 4)

  test('depends on seed, step and place alone', () => {
    expect(draw(3, 2)).toEqual(draw(3, 2))
    expect(draw(3, 2)).not.toEqual(draw(3, 1))
    expect(draw(3, 2)).not.toEqual(draw(2, 2))
    const other = drawImageChange(everyChange, { runSeed: 10, finishedSteps: 3, place: 2 }, 4)
    expect(other).not.toEqual(draw(3, 2))
  })

  test('switching one change off leaves the others as they were', () => {
    const without = draw(3, 2, { ...everyChange, rotation: 0 })
    expect({ ...draw(3, 2), angle: 0 }).toEqual({ ...without, angle: 0 })
    expect(without.angle + 0).toBe(0)
  })

  test('without augmentation nothing changes and the crop is the middle', () => {
    const change = draw(3, 2, noAugmentation)
    expect(change.angle + 0).toBe(0)
    expect({ ...change, angle: 0, brightness: 0, shiftDown: 0, shiftRight: 0, colorShifts: [0, 0, 0] }).toEqual({
      ...still,
      cropRow: 2,
      cropColumn: 2,
    })
  })

  const many = Array.from({ length: 4000 }, (_, step) => draw(step, step % 7))
  const spread = (values: number[]): { mean: number; deviation: number } => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    return { mean, deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) }
  }

  test('whole numbers cover their range evenly', () => {
    const count = (pick: (change: ImageChange) => number): Map<number, number> => {
      const counts = new Map<number, number>()
      for (const change of many) counts.set(pick(change), (counts.get(pick(change)) ?? 0) + 1)
      return counts
    }
    const expectEven = (counts: Map<number, number>, first: number, last: number): void => {
      expect([...counts.keys()].sort((x, y) => x - y)).toEqual(
        Array.from({ length: last - first + 1 }, (_, place) => first + place),
      )
      // Five standard deviations of a binomial count.
      const expected = many.length / (last - first + 1)
      for (const value of counts.values()) expect(Math.abs(value - expected)).toBeLessThan(5 * Math.sqrt(expected))
    }
    expectEven(
      count(({ shiftDown }) => shiftDown),
      -3,
      3,
    )
    expectEven(
      count(({ shiftRight }) => shiftRight),
      -3,
      3,
    )
    expectEven(
      count(({ cropRow }) => cropRow),
      0,
      4,
    )
    expectEven(
      count(({ cropColumn }) => cropColumn),
      0,
      4,
    )
    expectEven(
      count(({ mirrored }) => Number(mirrored)),
      0,
      1,
    )
  })

  test.each([
    ['angle', (change: ImageChange) => change.angle, 0, (15 * Math.PI) / 180],
    ['scale', (change: ImageChange) => change.scale, 1, 0.1],
    ['contrast', (change: ImageChange) => change.contrast, 1, 0.3],
    ['brightness', (change: ImageChange) => change.brightness, 0, 0.2],
  ] as const)('%s is uniform between its limits', (_, pick, middle, limit) => {
    const values = many.map(pick)
    const { mean, deviation } = spread(values)
    expect(Math.abs(mean - middle)).toBeLessThan(0.05 * limit)
    expect(deviation).toBeCloseTo(limit / Math.sqrt(3), 2)
    expect(Math.max(...values.map((value) => Math.abs(value - middle)))).toBeLessThanOrEqual(limit)
  })

  test('the colour shifts are normal with the deviation that was asked for', () => {
    const values = many.flatMap(({ colorShifts }) => colorShifts)
    const { mean, deviation } = spread(values)
    expect(Math.abs(mean)).toBeLessThan(0.005)
    expect(Math.abs(deviation - 0.1)).toBeLessThan(0.005)
    // Of a normal distribution 4.55 percent lie beyond two deviations; a uniform one has none there.
    const beyond = values.filter((value) => Math.abs(value) > 0.2).length / values.length
    expect(Math.abs(beyond - 0.0455)).toBeLessThan(0.01)
  })
})

describe('principal components', () => {
  const { bytes, covariance, variances, directions, alphas, shift } = reference.components
  const values = Float32Array.from(bytes, (byte) => byte / 255)

  test("equal NumPy's", () => {
    const got = channelCovariance([values.subarray(0, 90), values.subarray(90)], 3)
    expectClose(got.flat(), covariance.flat(), 1e-8)
    const components = principalComponents(got)
    expectClose(components.variances, variances, 1e-8)
    expectClose(components.directions.flat(), directions.flat(), 1e-5)
    const change = { brightness: 0, colorShifts: alphas }
    expectClose(channelOffsets(change, components, 3), shift, 1e-7)
  })

  test('of one channel is its variance', () => {
    const components = principalComponents(channelCovariance([Float32Array.of(0, 1, 1, 0)], 1))
    expect(components).toEqual({ directions: [[1]], variances: [0.25] })
  })

  test('of repeated grey shift all channels alike', () => {
    const grey = Float32Array.from([0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1])
    const components = principalComponents(channelCovariance([grey], 3))
    const offsets = channelOffsets({ brightness: 0, colorShifts: [1, 1, 1] }, components, 3)
    // Variance 3/4 along (1, 1, 1) / sqrt 3.
    expectClose(offsets, new Array<number>(3).fill(0.75 / Math.sqrt(3)), 1e-9)
  })
})

describe('changePixels', () => {
  const options = { augmentation: everyChange, components: null, seed: noiseSeed(1, 0) }
  const only = (augmentation: Partial<typeof noAugmentation>) => ({
    ...options,
    augmentation: { ...noAugmentation, ...augmentation },
  })
  const change = (values: number[], by: Partial<ImageChange>, augmentation: Partial<typeof noAugmentation>): number[] =>
    tf.tidy(() => [
      ...changePixels(tf.tensor4d(values, [1, 2, 2, 1]), [{ ...still, ...by }], only(augmentation)).dataSync(),
    ])

  test('adds brightness without clipping', () => {
    expectClose(change([0, 0.5, 0.9, 1], { brightness: 0.2 }, { brightness: 0.2 }), [0.2, 0.7, 1.1, 1.2])
  })

  test('changes contrast around the mean of the image', () => {
    expectClose(change([0, 0.4, 0.6, 1], { contrast: 1.2 }, { contrast: 0.2 }), [-0.1, 0.38, 0.62, 1.1])
    expectClose(change([0, 0, 0, 1], { contrast: 0.5 }, { contrast: 0.5 }), [0.125, 0.125, 0.125, 0.625])
  })

  test('does contrast before brightness, image by image', () => {
    const images = tf.tensor4d([0, 1, 0, 1], [2, 1, 2, 1])
    const changes = [
      { ...still, contrast: 0.5, brightness: 1 },
      { ...still, contrast: 1, brightness: -1 },
    ]
    const changed = changePixels(images, changes, only({ contrast: 0.5, brightness: 1 }))
    images.dispose()
    expectClose(valuesOf(changed), [1.25, 1.75, -1, 0])
  })

  test('noise is normal with the deviation that was asked for, other in every step', () => {
    const noise = (step: number): number[] =>
      tf.tidy(() => {
        const augmentation = { ...noAugmentation, noise: 0.1 }
        const changes = new Array<ImageChange>(64).fill(still)
        const options = { augmentation, components: null, seed: noiseSeed(3, step) }
        return [...changePixels(tf.fill([64, 32, 32, 3], 0.5), changes, options).dataSync()]
      })
    const values = noise(4)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
    // 196,608 values: standard errors 0.00023 and 0.00016; five of them.
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.00115)
    expect(Math.abs(deviation - 0.1)).toBeLessThan(0.0008)
    expect(noise(4)).toEqual(values)
    expect(noise(5)).not.toEqual(values)
  })
})
