import type { z } from 'zod'
import { WorkbenchError } from '../../domain/errors.ts'

/**
 * Reads a JSON column through its schema.
 * @throws WorkbenchError `workspace-damaged` naming what could not be read.
 */
export function parseColumn<Schema extends z.ZodType>(schema: Schema, text: string, what: string): z.output<Schema> {
  return parseStored(schema, parseJson(text, what), what)
}

/** As `parseColumn`, for a column that may be NULL. */
export function parseOptionalColumn<Schema extends z.ZodType>(
  schema: Schema,
  text: string | null,
  what: string,
): z.output<Schema> | null {
  return text === null ? null : parseColumn(schema, text, what)
}

/**
 * Checks a value that was put together from columns.
 * @throws WorkbenchError `workspace-damaged` naming the first field that does not fit.
 */
export function parseStored<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw unreadable(what, `${issue.path.map(String).join('.')}: ${issue.message}`)
}

/** @throws WorkbenchError `workspace-damaged` naming what is no JSON. */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw unreadable(what, (error as Error).message)
  }
}

/** The error for something in the record that cannot be read. */
export function unreadable(what: string, why: string): WorkbenchError {
  return new WorkbenchError('workspace-damaged', `${what} in the record cannot be read (${why}).`, { what })
}

/** A value as JSON for a column; null stays NULL. */
export function toColumn(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value)
}
