import { WorkbenchError } from '../../../../domain/errors.ts'
import { usesGpu } from '../../../backend.ts'
import { cpuFlags } from '../../../cpu-flags.ts'
import type { ConvolutionOptions } from '../convolution-kernels.ts'
import { outputSide } from './transforms.ts'

/** direct: TensorFlow's own kernels; winograd: minimal filtering wherever it is possible; auto: where it is quicker. */
export type ConvolutionMethod = 'direct' | 'winograd' | 'auto'

const switchName = 'ABLATE_CONVOLUTION'

/**
 * How convolutions are computed. With AVX-512 the direct kernels are twice as fast while the transforms, which wait for
 * memory, are not; a GPU chooses by itself.
 * @param wanted what the environment says: direct, winograd (for verification), or nothing.
 * @throws WorkbenchError `usage` for another word.
 */
export function convolutionMethod(
  wanted: string | undefined,
  flags: readonly string[],
  gpu: boolean,
): ConvolutionMethod {
  if (wanted === 'direct' || wanted === 'winograd') return wanted
  if (wanted !== undefined && wanted !== '' && wanted !== 'auto') {
    throw new WorkbenchError('usage', `${switchName} must be direct, winograd or auto, but is "${wanted}".`)
  }
  return gpu || flags.some((flag) => flag.startsWith('avx512')) ? 'direct' : 'auto'
}

const methodInUse = convolutionMethod(process.env[switchName], cpuFlags, usesGpu)

/** Whether convolutions of this process may go through Winograd's minimal filtering. Decides last digits. */
export const usesWinograd = methodInUse !== 'direct'

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
 * Whether a convolution goes through Winograd's minimal filtering: a function of shapes and processor alone, so that a
 * run computes the same numbers after every pause.
 * @param filterShape [side, side, channels, filters]
 * @param imageShape [batch, height, width, channels]
 */
export function prefersWinograd(
  direction: Direction,
  filterShape: readonly number[],
  imageShape: readonly number[],
  { stride, padding }: ConvolutionOptions,
  method = methodInUse,
): boolean {
  const [taps, across, channels, filters] = filterShape as [number, number, number, number]
  const isPossible = stride === 1 && padding === 'same' && taps === across && (taps === 3 || taps === 5)
  if (method !== 'auto' || !isPossible) return isPossible && method === 'winograd'
  const [images, height, width] = imageShape as [number, number, number]
  const side = outputSide(taps)
  const tiles = Math.ceil(height / side) * Math.ceil(width / side)
  if (images * tiles < fewestTiles) return false
  const inside = (height * width) / (tiles * side * side)
  const least = thresholds[direction]
  return inside >= least.inside && worth(channels, filters, inside) >= least.worth
}
