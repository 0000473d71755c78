import { z } from 'zod'

export const exportFormats = ['tfjs'] as const
export const exportFormatSchema = z.enum(exportFormats)
export type ExportFormat = z.infer<typeof exportFormatSchema>

/** The exported model was loaded back and compared with the trained one on these images. */
export const exportCheckSchema = z.strictObject({
  images: z.int(),
  /** Largest absolute difference of any probability. */
  maxAbsDiff: z.number(),
  /** Share of images for which both give the same class first. */
  top1Agreement: z.number(),
})
export type ExportCheck = z.infer<typeof exportCheckSchema>

export const exportFileSchema = z.strictObject({ path: z.string(), bytes: z.int(), sha256: z.string() })

export const exportResultSchema = z.strictObject({
  /** Folder that holds the files. */
  directory: z.string(),
  files: z.array(exportFileSchema),
  check: exportCheckSchema,
})
export type ExportResult = z.infer<typeof exportResultSchema>

/** An export as the record holds it. */
export const exportRecordSchema = z.strictObject({
  id: z.int(),
  runId: z.string(),
  format: exportFormatSchema,
  step: z.int(),
  directory: z.string(),
  bytes: z.int(),
  files: z.array(exportFileSchema),
  check: exportCheckSchema,
  createdAt: z.number(),
})
export type ExportRecord = z.infer<typeof exportRecordSchema>
