import { z } from 'zod'
import { isShare, metricNameSchema } from '../metrics.ts'
import type { ReferenceCurves } from './reference-curves.ts'

/** One curve of a file, and the metric whose charts it is drawn on. */
export const drawnReferenceSchema = z.strictObject({
  referenceId: z.int(),
  /** The name of its column. */
  curve: z.string().min(1).max(120),
  metric: metricNameSchema,
})
export type DrawnReference = z.infer<typeof drawnReferenceSchema>

/** Reference curves that one chart, file or report holds at most. */
export const mostDrawnReferences = 100
export const drawnReferencesSchema = z.array(drawnReferenceSchema).max(mostDrawnReferences)

/** Whether values of a metric that is a share, 0 to 1, are written as percent: when one of them is above 1. */
export function isPercent(metric: string, values: ArrayLike<number>): boolean {
  return isShare(metric) && Array.prototype.some.call(values, (value: number) => value > 1 && value < Infinity)
}

/** The values of a curve in the unit of a metric. */
export function valuesInUnit(metric: string, values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  return isPercent(metric, values) ? values.map((value) => value / 100) : values
}

/** A curve that is to be drawn, with what it is drawn from. */
export interface FoundReference extends DrawnReference {
  readonly file: ReferenceCurves
  /** In the unit of the metric. */
  readonly values: Float64Array<ArrayBuffer>
}

/** The curves that are to be drawn, in their order; those that are no longer there are left out. */
export function findReferences(all: readonly ReferenceCurves[], drawn: readonly DrawnReference[]): FoundReference[] {
  return drawn.flatMap((one) => {
    const file = all.find(({ id }) => id === one.referenceId)
    const column = file?.curves.find(({ label }) => label === one.curve)
    return file && column ? [{ ...one, file, values: valuesInUnit(one.metric, column.values) }] : []
  })
}

/** What a curve is called beside the runs: as its file when that has no other curve of the metric. */
export function referenceLabel(
  { file, curve, metric }: Pick<FoundReference, 'file' | 'curve' | 'metric'>,
  all: readonly DrawnReference[],
): string {
  const others = all.some((one) => one.referenceId === file.id && one.metric === metric && one.curve !== curve)
  return others ? `${file.name}: ${curve}` : file.name
}
