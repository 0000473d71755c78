import type { DatasetInfo } from '../../../domain/dataset.ts'
import type { RunSpec } from '../../../domain/spec/run-spec.ts'

/** Weights of red, green and blue in luminance (ITU-R BT.601). */
export const luminance = [0.299, 0.587, 0.114] as const

/** How images are normalised: as for training and validation, or as for tests and predictions, which may differ. */
export type Purpose = 'training' | 'evaluation'

/** The last step of the preprocessing: (value * scale - mean) / standardDeviation. */
export interface PixelTransform {
  readonly scale: number
  /** Per channel of the network's input, of value * scale. */
  readonly mean: readonly number[]
  readonly standardDeviation: readonly number[]
}

interface Statistics {
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
}

function weighted(values: readonly number[]): number {
  return luminance.reduce((sum, weight, channel) => sum + weight * values[channel]!, 0)
}

/**
 * Statistics of a data set as a network with so many channels sees it. Of colour seen as luminance the mean is
 * exact; the deviation is that of three channels that rise and fall together, which is the most it can be and
 * nearly right for photographs, whose channels are strongly correlated.
 */
function statisticsOf({ mean, standardDeviation }: DatasetInfo, channels: number): Statistics {
  if (mean.length === channels || mean.length === 1) return { mean, deviation: standardDeviation }
  return { mean: [weighted(mean)], deviation: [weighted(standardDeviation)] }
}

function chosenStatistics({ data, model }: RunSpec, info: DatasetInfo, purpose: Purpose): Statistics {
  if (purpose === 'evaluation' && data.testMean && data.testDeviation) {
    return { mean: data.testMean, deviation: data.testDeviation }
  }
  if (data.pixels === 'custom') return { mean: data.mean, deviation: data.deviation }
  return data.pixels === 'unit' ? { mean: [0], deviation: [1] } : statisticsOf(info, model.input.channels)
}

/** One number per channel; a single one is for all. */
function perChannel(values: readonly number[], channels: number): number[] {
  return Array.from({ length: channels }, (_, channel) => values[values.length === 1 ? 0 : channel]!)
}

/** How the pixels of a run are normalised for this purpose, one number per channel of the network's input. */
export function pixelTransform(spec: RunSpec, info: DatasetInfo, purpose: Purpose = 'evaluation'): PixelTransform {
  const { mean, deviation } = chosenStatistics(spec, info, purpose)
  const { channels } = spec.model.input
  return { scale: 1 / 255, mean: perChannel(mean, channels), standardDeviation: perChannel(deviation, channels) }
}

/** The same scale, but nothing more: pixels from 0 to 1. */
export function unitTransform({ model }: RunSpec): PixelTransform {
  const { channels } = model.input
  return { scale: 1 / 255, mean: perChannel([0], channels), standardDeviation: perChannel([1], channels) }
}

/** Whether the transform treats all channels alike. */
export function isUniform({ mean, standardDeviation }: PixelTransform): boolean {
  return mean.every((value) => value === mean[0]) && standardDeviation.every((value) => value === standardDeviation[0])
}

/** Whether the transform leaves pixels from 0 to 1 as they are. */
export function isIdentity({ mean, standardDeviation }: PixelTransform): boolean {
  return mean.every((value) => value === 0) && standardDeviation.every((value) => value === 1)
}
