import { builtInDatasets, type DatasetInfo } from '../dataset.ts'
import { planArchitecture } from '../network/architecture.ts'
import { activationBytes } from '../network/layer-facts.ts'
import type { RunSpec } from '../spec/run-spec.ts'
import { networkCost } from './network-cost.ts'

/**
 * Bytes of a trainer without data and network: the runtime, TensorFlow's library and what both lay in store. Measured
 * on Linux as 0.45 to 0.5 GiB; a little more refuses early rather than late.
 */
const processMemory = 512 * 2 ** 20

/** How much memory a run takes: `fixed + perImage * batch size` bytes. */
export interface MemoryNeed {
  readonly fixed: number
  readonly perImage: number
}

/** Bytes of the images that lie in memory: those of imported data sets are read from the disk as they are wanted. */
function imagesInMemory({ id, trainImages, testImages, size, channels }: DatasetInfo): number {
  if (!builtInDatasets.some((dataset) => dataset.id === id)) return 0
  return (trainImages + testImages) * size ** 2 * channels
}

/**
 * What a run will need, told from its network alone. A step keeps the activations of the forward pass until their
 * gradients are there too, hence twice their size; measured networks took 1.7 to 1.9 times.
 * @throws WorkbenchError as `planArchitecture`
 */
export function estimateMemory(spec: RunSpec, dataset: DatasetInfo): MemoryNeed {
  const architecture = planArchitecture(spec.model)
  return {
    fixed: processMemory + imagesInMemory(dataset) + networkCost(architecture, spec).weightMemory,
    perImage: 2 * activationBytes(spec.model, architecture),
  }
}

export function memoryOf({ fixed, perImage }: MemoryNeed, batchSize: number): number {
  return fixed + perImage * batchSize
}

/** The estimate corrected by the peak that one batch size was measured to have. */
export function correctedBy(estimate: MemoryNeed, batchSize: number, peak: number): MemoryNeed {
  const perImage = (peak - estimate.fixed) / batchSize
  return perImage > 0 ? { ...estimate, perImage } : estimate
}

/** Powers of two and one and a half times them, from 1 on, ascending: 1, 2, 3, 4, 6, 8, 12, 16, 24, ... */
function tidySizes(below: number): number[] {
  const powers = Array.from({ length: 1 + Math.ceil(Math.log2(below)) }, (_, exponent) => 2 ** exponent)
  return powers.flatMap((power) => (power === 1 ? [1] : [power, power * 1.5])).filter((size) => size < below)
}

/** The largest tidy batch size below `below` whose memory is at most `limit` bytes; null when not even one image fits. */
export function largestFittingBatch(need: MemoryNeed, below: number, limit: number): number | null {
  return tidySizes(below).findLast((size) => memoryOf(need, size) <= limit) ?? null
}
