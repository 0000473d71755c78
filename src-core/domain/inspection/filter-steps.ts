import type { Workload } from '../workload.ts'

/** The first kernels of a run are kept after so many steps at most, its beginning and its end included. */
export const mostFilterSteps = 64

/** Of these, so many lie evenly. */
const evenSteps = 48
/** And so many are powers of two, up to 8,192: kernels change most at first. */
const earlySteps = mostFilterSteps - evenSteps - 2

type Lengths = Pick<Workload, 'stepsPerEpoch' | 'totalSteps'>

/** The steps that lie evenly: so many `parts`, each a whole number or not, of a stretch of whole epochs. */
function evenParts({ stepsPerEpoch, totalSteps }: Lengths): { stretch: number; parts: number } {
  const epochs = totalSteps / stepsPerEpoch
  return epochs >= evenSteps
    ? { stretch: Math.ceil(epochs / evenSteps) * stepsPerEpoch, parts: 1 }
    : { stretch: stepsPerEpoch, parts: Math.floor(evenSteps / epochs) }
}

/** Whether this is the first whole step at or after the end of a part. Rounding never misses the end of an epoch. */
function isEven(step: number, lengths: Lengths): boolean {
  const { stretch, parts } = evenParts(lengths)
  return Math.floor((step * parts) / stretch) > Math.floor(((step - 1) * parts) / stretch)
}

function isEarly(step: number, lengths: Lengths): boolean {
  const { stretch, parts } = evenParts(lengths)
  return Number.isInteger(Math.log2(step)) && step < Math.min(stretch / parts, 2 ** earlySteps)
}

/**
 * Whether the first kernels are kept after so many finished steps: at the beginning and the end; evenly, at the ends of
 * epochs among others; and before the first of those after powers of two. It follows from the run's length alone, so that
 * a run that was paused or went back to a checkpoint keeps the same ones.
 */
export function keepsFilters(step: number, lengths: Lengths): boolean {
  return step === 0 || step === lengths.totalSteps || isEarly(step, lengths) || isEven(step, lengths)
}
