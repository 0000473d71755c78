import { z } from 'zod'
import { environmentSchema } from '../environment.ts'
import { wireErrorSchema } from '../errors.ts'
import { runStateSchema } from '../run-status.ts'

const numbers = z.instanceof(Float64Array as { new (): Float64Array<ArrayBuffer> })
const codes = z.instanceof(Int32Array as { new (): Int32Array<ArrayBuffer> })
const texts = z.array(z.string()).readonly()

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

/** The numbers of a metric's summary in their order; NaN stands for null. */
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

/** A metric's summaries of the runs that have logged it. */
const summariesSchema = z.strictObject({
  name: z.string(),
  /** Places of those runs in the list. */
  places: codes,
  /** As many numbers for each of them as there are `summaryFields`, run after run. */
  values: numbers,
})
export type MetricSummaries = z.infer<typeof summariesSchema>

const runTextsSchema = z.strictObject({
  ids: texts,
  names: texts,
  states: z.array(runStateSchema).readonly(),
  specHashes: texts,
  /** Empty text for a run without. */
  weights: texts,
  notes: texts,
  /** JSON, empty text for a run without. */
  bests: texts,
  tags: z.array(texts).readonly(),
  /** A sentence for each run that is not in the list because the record holds it in a form that cannot be read. */
  unreadable: texts,
  /** The different parts of all specs: path and JSON. */
  parts: z.strictObject({ paths: texts, values: texts }),
})
type RunTexts = z.infer<typeof runTextsSchema>

/** A list of runs on its way: all its texts as one, because each value that crosses into the page costs as much. */
export const packedRunListSchema = z.strictObject({
  /** `RunTexts` as JSON. */
  texts: z.string(),
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
  metrics: z.array(summariesSchema),
  /** Places in `parts`, those of the first run first. */
  partOf: codes,
  /** Where a run's parts begin in `partOf`; one more than there are runs. */
  partsFrom: codes,
})
export type PackedRunList = z.infer<typeof packedRunListSchema>

/**
 * Many runs as columns, in one order: what a table of ten thousand runs needs, in a few hundred pieces instead of
 * millions.
 */
export type RunList = Omit<PackedRunList, 'texts'> & RunTexts

export function packRunList(list: RunList): PackedRunList {
  const { ids, names, states, specHashes, weights, notes, bests, tags, unreadable, parts, ...rest } = list
  const packed = { ids, names, states, specHashes, weights, notes, bests, tags, unreadable, parts }
  return { ...rest, texts: JSON.stringify(packed satisfies RunTexts) }
}

/** @throws ZodError for texts that are no list's. */
export function unpackRunList({ texts, ...rest }: PackedRunList): RunList {
  return { ...rest, ...runTextsSchema.parse(JSON.parse(texts)) }
}
