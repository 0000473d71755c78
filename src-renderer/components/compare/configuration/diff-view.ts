import { z } from 'zod'
import type { CellState, DiffField } from '../../../../src-core/domain/comparison/spec-diff.ts'
import { fieldLabel, groupLabel } from '../../../lib/spec/labels.ts'
import { valueText } from '../../../lib/spec/text/value-text.ts'

export const configurationSection = 'compare-configuration'
export const configurationSchema = z.object({ all: z.boolean(), collapsed: z.array(z.string()) })
export const defaultConfiguration: z.infer<typeof configurationSchema> = { all: false, collapsed: [] }

/** How a cell is marked against the base: a glyph, and the word for those who do not see it. */
export const marks: Readonly<Record<CellState, { readonly glyph: string; readonly word: string }>> = {
  base: { glyph: '', word: '' },
  same: { glyph: '', word: '' },
  changed: { glyph: '≠', word: 'changed' },
  added: { glyph: '+', word: 'only here, not in the base' },
  missing: { glyph: '−', word: 'not there, but in the base' },
  inapplicable: { glyph: '', word: '' },
}

/** Whether a field is searched for: every word is found in its label, the names of its groups, or its path. */
export function matchesSearch(field: DiffField, search: string): boolean {
  const words = search.trim().toLowerCase().split(/\s+/).filter(Boolean)
  const groups = field.path.split('.').map((_, end, keys) => groupLabel(keys.slice(0, end + 1).join('.')))
  const text = [field.path, fieldLabel(field.path), ...groups].join('\n').toLowerCase()
  return words.every((word) => text.includes(word))
}

/** What stands in a cell. */
export function cellText({ cells, path }: DiffField, index: number): string {
  const { state, value } = cells[index]!
  if (state === 'inapplicable') return 'does not apply'
  if (value === undefined && path.startsWith('environment.')) return 'not recorded'
  return valueText(value, path)
}
