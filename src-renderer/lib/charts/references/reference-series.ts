import type { FoundReference } from '../../../../src-core/domain/references/drawn-references.ts'
import { firstNotBelow, type DrawnSeries } from '../columns.ts'

/** The steps that are shown, both included. */
interface StepRange {
  readonly from: number
  readonly to: number
}

/**
 * A curve of an imported file as a chart draws it: every value, within a range of steps as far as the file has steps.
 * What the file does not know (times, and one of step and epoch) is NaN. A value that is no number is a gap.
 */
export function referenceSeries(
  { file: { step, epoch }, values }: Pick<FoundReference, 'file' | 'values'>,
  range: StepRange | null,
): DrawnSeries {
  const [from, end] =
    step && range ? [firstNotBelow(step, range.from), firstNotBelow(step, range.to + 1)] : [0, values.length]
  const unknown = new Float64Array(end - from).fill(NaN)
  const last = values.subarray(from, end)
  return {
    columns: {
      step: step?.subarray(from, end) ?? unknown,
      epoch: epoch?.subarray(from, end) ?? unknown,
      wallTime: unknown,
      activeTime: unknown,
      last,
      min: last,
      max: last,
    },
    length: last.length,
    total: last.length,
    bucket: 1,
    firstNonFinite: null,
  }
}
