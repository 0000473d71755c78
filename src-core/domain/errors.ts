import { z } from 'zod'

/** Every way in which Ablate refuses or fails. The list is closed: the interface and scripts switch on it. */
export const errorCodes = [
  'usage',
  'unknown-field',
  'invalid-value',
  'unknown-recipe',
  'unknown-dataset',
  'input-too-small',
  'batch-too-large',
  'dataset-missing',
  'dataset-damaged',
  'dataset-exists',
  'import-refused',
  'image-unreadable',
  'run-not-found',
  'illegal-transition',
  'run-busy',
  'workspace-locked',
  'workspace-read-only',
  'workspace-damaged',
  'workspace-newer',
  'workspace-foreign',
  'checkpoint-missing',
  'checkpoint-damaged',
  'transfer-mismatch',
  'model-file-unreadable',
  'export-exists',
  'export-mismatch',
  'not-printed',
  'disk-full',
  'out-of-memory',
  'does-not-fit',
  'cancelled',
  'diverged',
  'trainer-died',
  'trainer-protocol',
  'tensorflow-missing',
  'refused-sender',
  'internal',
] as const

export type ErrorCode = (typeof errorCodes)[number]

export const wireErrorSchema = z.strictObject({
  code: z.enum(errorCodes),
  message: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.null()])).optional(),
})

/** An error as plain data: what crosses a process, a database row or a line of JSON. */
export type WireError = z.infer<typeof wireErrorSchema>

/** An expected failure: says what happened, to what, and what to do now. */
export class WorkbenchError extends Error {
  readonly code: ErrorCode
  readonly details: NonNullable<WireError['details']>

  constructor(code: ErrorCode, message: string, details: NonNullable<WireError['details']> = {}) {
    super(message)
    this.name = 'WorkbenchError'
    this.code = code
    this.details = details
  }
}

/** Turns anything thrown into data. Unexpected errors become `internal` and lose their stack, never their message. */
export function toWireError(thrown: unknown): WireError {
  if (thrown instanceof WorkbenchError) {
    return { code: thrown.code, message: thrown.message, details: thrown.details }
  }
  return { code: 'internal', message: thrown instanceof Error ? thrown.message : String(thrown) }
}

/** The inverse of `toWireError` on the receiving side. */
export function fromWireError(error: WireError): WorkbenchError {
  return new WorkbenchError(error.code, error.message, error.details)
}
