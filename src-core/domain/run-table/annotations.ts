import { z } from 'zod'

/** A word by which runs are found. */
export const tagSchema = z
  .string()
  .trim()
  .min(1, 'a tag needs at least one character')
  .max(40, 'a tag has at most 40 characters')
  .regex(/^[^\s,()"]+$/, 'a tag has no spaces, commas, quotes or brackets')

/** Markdown. */
export const notesSchema = z.string().max(100_000, 'notes have at most 100,000 characters')
