import { layoutSchema, savedViewSchema, type Layout, type SavedView } from '../../domain/layout.ts'
import { transact, type ReadableDatabase, type WritableDatabase } from '../database.ts'
import { parseJson, parseStored } from './json-columns.ts'

interface ViewRow {
  id: number
  section: string
  name: string
  value: string
}

export interface LayoutReader {
  /** Every section of the layout. */
  get(): Layout
  /** The saved views by name. */
  views(): SavedView[]
}

export interface LayoutWriter extends LayoutReader {
  /** Replaces the given sections and leaves the others. */
  update(sections: Layout): void
  /** Records a view, in the place of the one of that section with the same name. */
  saveView(view: Omit<SavedView, 'id'>): SavedView
  deleteView(id: number): void
}

export function layoutReader(database: ReadableDatabase): LayoutReader {
  const sections = database.prepare<[], { section: string; value: string }>('SELECT section, value FROM layout')
  const views = database.prepare<[], ViewRow>('SELECT * FROM saved_views ORDER BY name COLLATE NOCASE, id')
  return {
    get() {
      const rows = sections.all().map(({ section, value }) => [section, parseJson(value, `layout ${section}`)])
      return parseStored(layoutSchema, Object.fromEntries(rows), 'layout')
    },
    views: () => views.all().map(toView),
  }
}

/** Queries and changes of the layout. */
export function layoutWriter(database: WritableDatabase): LayoutWriter {
  const write = database.prepare(
    'INSERT INTO layout (section, value) VALUES (?, ?) ON CONFLICT (section) DO UPDATE SET value = excluded.value',
  )
  const save = database.prepare<[string, string, string], ViewRow>(
    `INSERT INTO saved_views (section, name, value) VALUES (?, ?, ?)
     ON CONFLICT (section, name) DO UPDATE SET value = excluded.value RETURNING *`,
  )
  const remove = database.prepare('DELETE FROM saved_views WHERE id = ?')
  return {
    ...layoutReader(database),
    update: (sections) =>
      transact(database, () => {
        for (const [section, value] of Object.entries(sections)) write.run(section, JSON.stringify(value))
      }),
    saveView: ({ section, name, value }) => toView(save.get(section, name, JSON.stringify(value))!),
    deleteView: (id) => void remove.run(id),
  }
}

function toView(row: ViewRow): SavedView {
  const what = `saved view ${row.id}`
  return parseStored(savedViewSchema, { ...row, value: parseJson(row.value, what) }, what)
}
