import { z } from 'zod'

/** What a file of reference curves may hold at most. Main writes it into the record in one go. */
export const referenceLimits = { characters: 3_000_000, rows: 100_000, curves: 20 } as const

export const referenceNameSchema = z
  .string()
  .trim()
  .min(1, 'reference curves need a name')
  .max(120, 'a name has at most 120 characters')

const columnSchema = z.instanceof(Float64Array as { new (): Float64Array<ArrayBuffer> })

/**
 * Curves from elsewhere that are drawn beside the runs, such as those of a paper: what one CSV file held. All columns
 * are of one length, in the order of the rows. At least one of `step` and `epoch` is there, and rises.
 */
export const referenceCurvesSchema = z
  .strictObject({
    id: z.int(),
    name: referenceNameSchema,
    step: columnSchema.nullable(),
    epoch: columnSchema.nullable(),
    /** Values by the name of their column; NaN where the file has none. */
    curves: z
      .array(z.strictObject({ label: z.string().min(1).max(120), values: columnSchema }))
      .min(1)
      .max(referenceLimits.curves),
    /** Milliseconds since 1970. */
    createdAt: z.number(),
  })
  .refine(({ step, epoch, curves }) => {
    const lengths = [step, epoch, ...curves.map(({ values }) => values)].flatMap((column) => column?.length ?? [])
    return new Set(lengths).size === 1 && (step ?? epoch) !== null
  }, 'columns differ in length')
export type ReferenceCurves = z.infer<typeof referenceCurvesSchema>

/** The columns of a file, before they are recorded. */
export type ParsedCurves = Pick<ReferenceCurves, 'step' | 'epoch' | 'curves'>
