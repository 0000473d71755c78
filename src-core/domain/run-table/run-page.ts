import { z } from 'zod'
import type { Run } from '../run.ts'

/**
 * Many runs at once, for a table. `text` is JSON of a `RunPage`. One string crosses two processes in a tenth of the time
 * that ten thousand objects take, and the window does not check the runs a second time: the record has checked every
 * field of them with the domain's schemas, and the same again in the window costs seconds.
 */
export const runPageSchema = z.strictObject({ text: z.string(), next: z.int().nullable() })
export type PackedRunPage = z.infer<typeof runPageSchema>

/** A run whose spec is told by its variant and its seed. Runs of a variant differ in their seed alone. */
export interface PagedRun extends Omit<Run, 'spec' | 'environment' | 'last'> {
  /** Index into the page's variants. */
  readonly variant: number
  readonly seed: number
  /** Index into the page's environments. */
  readonly environment: number | null
}

export interface RunPage {
  /** Specs as JSON whose seed is 0, each once. */
  readonly variants: readonly string[]
  /** Environments as JSON, each once. */
  readonly environments: readonly string[]
  readonly runs: readonly PagedRun[]
  /** What is wrong with rows that could not be read; they are not among the runs. */
  readonly damaged: readonly string[]
}

const float64s = z.instanceof(Float64Array)

/**
 * Summaries of metrics, one entry per run and metric, in columns. A step of NaN says that there is no such value, as
 * the extremes of a metric that was never finite.
 */
export const metricSummariesSchema = z
  .strictObject({
    runIds: z.array(z.string()),
    metrics: z.array(z.string()),
    /** Indices into `runIds` and `metrics`. */
    run: z.instanceof(Uint32Array),
    metric: z.instanceof(Uint32Array),
    last: float64s,
    lastStep: float64s,
    min: float64s,
    minStep: float64s,
    max: float64s,
    maxStep: float64s,
    /** Where the next page begins; null after the last one. */
    next: z.int().nullable(),
  })
  .refine(
    ({ run, metric, last, lastStep, min, minStep, max, maxStep }) =>
      [metric, last, lastStep, min, minStep, max, maxStep].every(({ length }) => length === run.length),
    'the columns differ in length',
  )
export type MetricSummaries = z.infer<typeof metricSummariesSchema>
