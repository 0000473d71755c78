import { z } from 'zod'

/**
 * How the user arranged the window: one JSON value per section, such as the columns of a table or the cards of the
 * charts. The window parses a section with its own schema and falls back to its defaults, so that an older or newer
 * Ablate can open the same workspace.
 */
export const layoutSectionSchema = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/)
const layoutValueSchema = z.json()
export const layoutSchema = z.record(layoutSectionSchema, layoutValueSchema)
export type Layout = z.infer<typeof layoutSchema>
export type LayoutValue = z.infer<typeof layoutValueSchema>

/** A layout that was given a name, to come back to it. */
export const savedViewSchema = z.strictObject({
  id: z.int(),
  name: z.string().trim().min(1, 'a view needs a name').max(80, 'a name has at most 80 characters'),
  /** The section that it restores, such as `runs-table`. */
  section: layoutSectionSchema,
  value: layoutValueSchema,
})
export type SavedView = z.infer<typeof savedViewSchema>
