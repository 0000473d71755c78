import { cpuFlags, usesGpu } from '../../../backend.ts'
import type { ConvolutionOptions } from '../convolution-kernels.ts'
import { outputSide } from './transforms.ts'

/**
 * How large convolutions are computed. ABLATE_CONVOLUTION=direct leaves all of them to TensorFlow's own kernels;
 * =winograd takes minimal filtering wherever it is possible, which is how its numbers are verified.
 */
const wanted = process.env['ABLATE_CONVOLUTION']

/**
 * With AVX-512 the direct kernels are twice as fast while the transforms, which wait for memory, are not; a GPU chooses
 * by itself.
 */
const suitsProcessor = !usesGpu && !cpuFlags.some((flag) => flag.startsWith('avx512'))

/** Whether convolutions of this process may go through Winograd's minimal filtering. Decides last digits. */
export const usesWinograd = wanted === 'winograd' || (wanted !== 'direct' && suitsProcessor)

/** Fewer tiles than this do not fill the matrix products. */
const fewestTiles = 128

export type Direction = 'forward' | 'backward'

/**
 * From which `worth` on, and with how much of the tiles inside the image at least, it was quicker than oneDNN's direct
 * kernels on two cores with AVX2, over 23 shapes of the AlexNet family. Backward pays off earlier, because the tiles of
 * the gradient serve twice.
 */
const thresholds: Record<Direction, { readonly worth: number; readonly inside: number }> = {
  forward: { worth: 60, inside: 0.6 },
  backward: { worth: 40, inside: 0.5 },
}

/** Products that are saved grow with channels * filters, transforms with their sum; what overhangs is wasted. */
function worth(channels: number, filters: number, inside: number): number {
  return ((channels * filters) / (channels + filters)) * inside
}

/**
 * Whether a convolution is quicker by Winograd's minimal filtering: a function of shapes and processor alone, so that
 * a run computes the same numbers after every pause.
 * @param filterShape [side, side, channels, filters]
 * @param imageShape [batch, height, width, channels]
 */
export function prefersWinograd(
  direction: Direction,
  filterShape: readonly number[],
  imageShape: readonly number[],
  { stride, padding }: ConvolutionOptions,
): boolean {
  const [taps, across, channels, filters] = filterShape as [number, number, number, number]
  if (!usesWinograd || stride !== 1 || padding !== 'same' || taps !== across || (taps !== 3 && taps !== 5)) return false
  if (wanted === 'winograd') return true
  const [images, height, width] = imageShape as [number, number, number]
  const side = outputSide(taps)
  const tiles = Math.ceil(height / side) * Math.ceil(width / side)
  if (images * tiles < fewestTiles) return false
  const inside = (height * width) / (tiles * side * side)
  const least = thresholds[direction]
  return inside >= least.inside && worth(channels, filters, inside) >= least.worth
}
