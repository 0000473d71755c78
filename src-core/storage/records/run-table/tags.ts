import { notesSchema, tagSchema } from '../../../domain/run-table/annotations.ts'
import { WorkbenchError } from '../../../domain/errors.ts'
import type { RunId } from '../../../domain/ids.ts'
import { transact, type WritableDatabase } from '../../database.ts'

/** The tags of a run out of `group_concat(tag, char(10))`, in alphabetical order. */
export function tagsOf(joined: string | null): string[] {
  return joined === null ? [] : joined.split('\n').sort()
}

export interface AnnotationWriter {
  /** Adds and removes tags of runs, all or none. */
  setTags(ids: readonly RunId[], change: { readonly add: readonly string[]; readonly remove: readonly string[] }): void
  /** Replaces the notes of runs, all or none. */
  setNotes(ids: readonly RunId[], notes: string): void
}

/** Changes of what a person says of runs. An id that is not recorded is `run-not-found`, and nothing is changed. */
export function annotationWriter(database: WritableDatabase): AnnotationWriter {
  const exists = database.prepare('SELECT 1 FROM runs WHERE id = ?').pluck()
  const add = database.prepare('INSERT OR IGNORE INTO run_tags (run_id, tag) VALUES (?, ?)')
  const remove = database.prepare('DELETE FROM run_tags WHERE run_id = ? AND tag = ?')
  const write = database.prepare('UPDATE runs SET notes = ? WHERE id = ?')
  const require = (id: RunId): void => {
    if (exists.get(id)) return
    throw new WorkbenchError('run-not-found', `There is no run ${id} in this workspace.`, { runId: id })
  }
  return {
    setTags: (ids, change) =>
      transact(database, () => {
        for (const id of ids) {
          require(id)
          for (const tag of change.remove) remove.run(id, tag)
          for (const tag of change.add) add.run(id, tagSchema.parse(tag))
        }
      }),
    setNotes: (ids, notes) =>
      transact(database, () => {
        const text = notesSchema.parse(notes)
        for (const id of ids) {
          require(id)
          write.run(text, id)
        }
      }),
  }
}
