import { expect, it } from 'vitest'
import type { FiltersArtifact } from '../../../../src-core/domain/evaluation/artifact.ts'
import { filterPixels, kernelPixels, sharedRange } from '../../../../src-renderer/lib/inspection/filter-pixels.ts'

/** Kernels of one pixel beside another: 2 x 2 on grey. */
function filters(step: number, kernels: readonly (readonly number[])[], lowest: number[], highest: number[]) {
  const pixels = Buffer.from(kernels.flat()).toString('base64')
  const pictures = { count: kernels.length, size: 2, channels: 1, pixels } as const
  const artifact: FiltersArtifact = {
    kind: 'filters',
    step,
    layer: 'conv1',
    total: 2,
    kernels: pictures,
    lowest,
    highest,
  }
  return artifact
}

const reds = (pixels: Uint8ClampedArray): number[] => [...pixels].filter((_, at) => at % 4 === 0)
const first = filters(
  0,
  [
    [0, 255, 51, 0],
    [0, 255, 0, 0],
  ],
  [-1, 0],
  [1, 0.5],
)
const second = filters(
  8,
  [
    [0, 255, 0, 0],
    [255, 0, 0, 0],
  ],
  [-2, 0],
  [3, 1],
)

it('a kernel is drawn from its own smallest to its own largest weight', () => {
  expect(reds(kernelPixels(first, 0, null))).toEqual([0, 255, 51, 0])
  expect(filterPixels(first, null).map(reds)[1]).toEqual([0, 255, 0, 0])
})

it('or from the smallest to the largest weight of all kernels and steps, opaque', () => {
  const range = sharedRange([first, second])!
  expect(range).toEqual({ low: -2, high: 3 })
  // Weights -1, 1, -0.6, -1 between -2 and 3.
  expect(reds(kernelPixels(first, 0, range))).toEqual([51, 153, 71, 51])
  // Weights 0, 0.5.
  expect(reds(kernelPixels(first, 1, range)).slice(0, 2)).toEqual([102, 128])
  expect([...kernelPixels(first, 1, range)].filter((_, at) => at % 4 === 3)).toEqual([255, 255, 255, 255])
  expect(sharedRange([])).toBeNull()
})

it('weights that are all the same are drawn without dividing by nothing', () => {
  const flat = filters(0, [[0, 0, 0, 0]], [0.5], [0.5])
  expect(reds(kernelPixels(flat, 0, sharedRange([flat])))).toEqual([0, 0, 0, 0])
})
