import { z } from 'zod'
import { environmentSchema } from '../environment.ts'
import { wireErrorSchema } from '../errors.ts'

const numbers = z.instanceof(Float64Array as { new (): Float64Array<ArrayBuffer> })
const codes = z.instanceof(Int32Array as { new (): Int32Array<ArrayBuffer> })
const texts = z.custom<readonly string[]>((value) => Array.isArray(value), 'expected a list of texts')

/** Fields of a run that are numbers; NaN stands for null. */
export const numberFields = [
  'color',
  'parameters',
  'step',
  'totalSteps',
  'stepsPerEpoch',
  'epoch',
  'activeTime',
  'imagesPerSecond',
  'queuePosition',
  'checkpointStep',
  'createdAt',
  'startedAt',
  'endedAt',
  'deletedAt',
] as const

/** Columns of a metric's summary; NaN stands for null, no points for a run that has not logged it. */
export const summaryFields = [
  'points',
  'last',
  'lastStep',
  'lastEpoch',
  'min',
  'minStep',
  'minEpoch',
  'max',
  'maxStep',
  'maxEpoch',
] as const

const summarySchema = z.object(
  Object.fromEntries(summaryFields.map((name) => [name, numbers])) as Record<
    (typeof summaryFields)[number],
    typeof numbers
  >,
)

/**
 * Many runs as columns, in one order: what a table of ten thousand runs needs, in a few hundred pieces instead of
 * millions. Lists of texts are only checked to be lists; whoever makes a run of a row checks what it reads.
 */
export const runListSchema = z.strictObject({
  ids: texts,
  names: texts,
  states: texts,
  specHashes: texts,
  /** Empty text for a run without. */
  weights: texts,
  notes: texts,
  /** JSON, empty text for a run without. */
  bests: texts,
  tags: z.custom<readonly (readonly string[])[]>((value) => Array.isArray(value), 'expected a list of lists'),
  numbers: z.object(
    Object.fromEntries(numberFields.map((name) => [name, numbers])) as Record<
      (typeof numberFields)[number],
      typeof numbers
    >,
  ),
  /** The few runs that failed, by their place. */
  errors: z.array(z.strictObject({ index: z.int(), error: wireErrorSchema })),
  environments: z.array(environmentSchema),
  /** Places in `environments`, -1 for a run without. */
  environmentOf: codes,
  metrics: z.array(z.strictObject({ name: z.string(), summary: summarySchema })),
  /** The different parts of all specs: path and JSON. */
  parts: z.strictObject({ paths: texts, values: texts }),
  /** Places in `parts`, those of the first run first. */
  partOf: codes,
  /** Where a run's parts begin in `partOf`; one more than there are runs. */
  partsFrom: codes,
})
export type RunList = z.infer<typeof runListSchema>
