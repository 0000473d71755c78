import type { ReadableDatabase, WritableDatabase } from '../database.ts'

/** A function that tells the tags of a run in alphabetical order. */
export function tagReader(database: ReadableDatabase): (runId: string) => string[] {
  const select = database.prepare<[string], string>('SELECT tag FROM run_tags WHERE run_id = ? ORDER BY tag').pluck()
  return (runId) => select.all(runId)
}

/** A function that gives a run these tags in the place of those that it has. */
export function tagWriter(database: WritableDatabase): (runId: string, tags: readonly string[]) => void {
  const clear = database.prepare('DELETE FROM run_tags WHERE run_id = ?')
  const insert = database.prepare('INSERT OR IGNORE INTO run_tags (run_id, tag) VALUES (?, ?)')
  return (runId, tags) => {
    clear.run(runId)
    for (const tag of tags) insert.run(runId, tag)
  }
}
