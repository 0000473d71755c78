import { z } from 'zod'
import { importProgressSchema, importRequestSchema } from '../domain/datasets/import-request.ts'
import { storedDatasetSchema } from '../domain/datasets/stored-dataset.ts'
import { wireErrorSchema } from '../domain/errors.ts'

/**
 * Messages between the process that owns the workspace and an importer, which reads one folder of pictures and ends:
 *
 *   owner                      importer
 *     <------- ready ----------
 *     -------- import -------->
 *     <------- progress -------          several times a second
 *     <------- imported -------          the folder lies whole under its name; then the process exits with status 0
 */
export const toImporterSchema = z.strictObject({
  type: z.literal('import'),
  request: importRequestSchema,
  id: z.string(),
  /** Where the data set appears once it is whole; must not exist. */
  directory: z.string(),
  /** Where it is written until then, on the same disk. The owner removes what is left there. */
  stagingDirectory: z.string(),
})
export type ToImporter = z.infer<typeof toImporterSchema>

export const fromImporterSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({ type: z.literal('progress'), progress: importProgressSchema }),
  z.strictObject({ type: z.literal('imported'), dataset: storedDatasetSchema }),
  z.strictObject({ type: z.literal('failed'), error: wireErrorSchema }),
])
export type FromImporter = z.infer<typeof fromImporterSchema>
