import { z } from 'zod'
import { type ProcedureGroup } from './shapes.ts'

/** What the window can save, by the ending of the file. */
export const textFileKinds = ['csv', 'json', 'svg', 'md'] as const
export const binaryFileKinds = ['png'] as const
export type FileKind = (typeof textFileKinds)[number] | (typeof binaryFileKinds)[number] | 'html' | 'pdf'

const suggestedName = z.string().min(1).max(200)

/** Files that the window makes. The user chooses the place; the answer is it, or null when cancelled. */
export const fileProcedures = {
  'files.saveText': {
    input: z.strictObject({ suggestedName, kind: z.enum(textFileKinds), text: z.string().max(50_000_000) }),
    output: z.string().nullable(),
  },
  'files.saveBinary': {
    input: z.strictObject({
      suggestedName,
      kind: z.enum(binaryFileKinds),
      bytes: z.instanceof(Uint8Array).refine(({ length }) => length <= 50_000_000, 'more than 50 MB'),
    }),
    output: z.string().nullable(),
  },
} as const satisfies ProcedureGroup
