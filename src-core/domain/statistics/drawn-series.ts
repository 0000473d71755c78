import { z } from 'zod'
import { runIdSchema } from '../ids.ts'
import { metricNameSchema, metricValueSchema } from '../metrics.ts'

/** Numbers of a column. Only that it is an array of doubles is checked: there are thousands, and any double will do. */
const columnSchema = z.instanceof(Float64Array as { new (): Float64Array<ArrayBuffer> })

/** The columns of a drawn series; all are of one length, in the order of steps. */
export const seriesColumnsSchema = z
  .strictObject({
    step: columnSchema,
    epoch: columnSchema,
    /** Milliseconds since 1970. */
    wallTime: columnSchema,
    /** Milliseconds of training; pauses do not count. */
    activeTime: columnSchema,
    /** The value at the bucket's last step. */
    last: columnSchema,
    /** The smallest and largest finite value of the bucket; NaN when it has none. */
    min: columnSchema,
    max: columnSchema,
    /** The smoothed value at the bucket's last step, computed from every logged value. */
    smoothed: columnSchema,
  })
  .refine(
    (columns) => new Set(Object.values(columns).map(({ length }) => length)).size === 1,
    'columns differ in length',
  )
export type SeriesColumns = z.infer<typeof seriesColumnsSchema>
export const columnNames = ['step', 'epoch', 'wallTime', 'activeTime', 'last', 'min', 'max', 'smoothed'] as const

const smoothingStateSchema = z.strictObject({
  sum: z.number(),
  weights: z.number(),
  lastStep: z.number(),
  tail: z.array(metricValueSchema),
})

/** A metric of a run as it is drawn: the logged values, or buckets of them. */
export const drawnSeriesSchema = z.strictObject({
  runId: runIdSchema,
  metric: metricNameSchema,
  columns: seriesColumnsSchema,
  /** How many logged values the points stand for. */
  total: z.int().min(0),
  /** Logged values per full bucket, a power of two. */
  bucket: z.int().min(1),
  /** Logged values in the last bucket, counted from where the whole series would have it begin. */
  open: z.int().min(1),
  /** The first step in the range whose value was NaN or infinite, also inside of a bucket; null when all are finite. */
  firstNonFinite: z.int().min(0).nullable(),
  /** How smoothing goes on with the value after the last. */
  smoothing: smoothingStateSchema,
})
export type DrawnSeries = z.infer<typeof drawnSeriesSchema>
