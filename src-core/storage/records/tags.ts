import { WorkbenchError } from '../../domain/errors.ts'
import { mostTags } from '../../domain/run.ts'
import type { ReadableDatabase, WritableDatabase } from '../database.ts'

/** A function that tells the tags of a run in alphabetical order. */
export function tagReader(database: ReadableDatabase): (runId: string) => string[] {
  const select = database.prepare<[string], string>('SELECT tag FROM run_tags WHERE run_id = ? ORDER BY tag').pluck()
  return (runId) => select.all(runId)
}

/** What happens to the tags of a run: those to remove go first. */
export interface TagChange {
  readonly add: readonly string[]
  readonly remove: readonly string[]
}

/** A function that adds and removes tags of a run. @throws WorkbenchError `invalid-value` for more than it may have. */
export function tagWriter(database: WritableDatabase): (runId: string, change: TagChange) => void {
  const remover = database.prepare('DELETE FROM run_tags WHERE run_id = ? AND tag = ?')
  const adder = database.prepare('INSERT OR IGNORE INTO run_tags (run_id, tag) VALUES (?, ?)')
  const count = database.prepare<[string], number>('SELECT count(*) FROM run_tags WHERE run_id = ?').pluck()
  return (runId, { add, remove }) => {
    for (const tag of remove) remover.run(runId, tag)
    for (const tag of add) adder.run(runId, tag)
    const tags = count.get(runId)!
    if (tags <= mostTags) return
    throw new WorkbenchError('invalid-value', `A run has at most ${mostTags} tags, run ${runId} would have ${tags}.`)
  }
}
