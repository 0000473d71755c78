import { z } from 'zod'
import type { ProcedureGroup } from './shapes.ts'

/** The most that one call may carry: characters of text, or bytes. */
export const largestFile = 64_000_000

export const textFileKinds = ['csv', 'json', 'svg', 'markdown', 'html'] as const
export const binaryFileKinds = ['png', 'pdf'] as const
export type TextFileKind = (typeof textFileKinds)[number]
export type BinaryFileKind = (typeof binaryFileKinds)[number]

const suggestedName = z.string().min(1).max(200)
/** The absolute path of the file that was written; null when the dialog was cancelled. */
const savedTo = z.string().nullable()

/**
 * Files that the window makes and the user keeps. Main shows the dialog, so the window never names a path: it suggests
 * a name without its ending.
 */
export const fileProcedures = {
  'files.saveText': {
    input: z.strictObject({ suggestedName, kind: z.enum(textFileKinds), text: z.string().max(largestFile) }),
    output: savedTo,
  },
  'files.saveBinary': {
    input: z.strictObject({
      suggestedName,
      kind: z.enum(binaryFileKinds),
      bytes: z.instanceof(Uint8Array).refine(({ byteLength }) => byteLength <= largestFile, 'The file is too large.'),
    }),
    output: savedTo,
  },
} as const satisfies ProcedureGroup
