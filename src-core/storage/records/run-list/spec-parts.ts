import { partsOf } from '../../../domain/spec/parts.ts'
import { specVersion, storedRunSpecSchema, type RunSpec } from '../../../domain/spec/run-spec.ts'
import { transact, type WritableDatabase } from '../../database.ts'
import { parseColumn } from '../json-columns.ts'

/** A function that records the parts of a run's spec. */
export function specPartsWriter(database: WritableDatabase): (runId: string, spec: RunSpec) => void {
  const find = database
    .prepare<[string, string], number>('SELECT id FROM spec_parts WHERE path = ? AND value = ?')
    .pluck()
  const insert = database.prepare('INSERT INTO spec_parts (path, value) VALUES (?, ?)')
  const write = database.prepare('UPDATE runs SET spec_parts = ?, spec_parts_version = ? WHERE id = ?')
  return (runId, spec) => {
    const ids = Object.entries(partsOf(spec)).map(
      ([path, value]) => find.get(path, value) ?? Number(insert.run(path, value).lastInsertRowid),
    )
    write.run(Buffer.from(Int32Array.from(ids).buffer), specVersion, runId)
  }
}

/**
 * Makes the parts of runs that have none of the present version (some seconds for ten thousand, once). Then it also
 * forgets those that no run has any more: to look for them at every opening would take a tenth of a second.
 */
export function completeSpecParts(database: WritableDatabase): void {
  const select = database.prepare<[number], { id: string; spec: string }>(
    'SELECT id, spec FROM runs WHERE spec_parts IS NULL OR spec_parts_version <> ?',
  )
  const write = specPartsWriter(database)
  transact(database, () => {
    const incomplete = select.all(specVersion)
    for (const { id, spec } of incomplete) {
      const readable = specIfReadable(spec)
      if (readable) write(id, readable)
    }
    if (incomplete.length > 0) forgetUnusedParts(database)
  })
}

/** Null for a spec that cannot be read: it is told where the run is read. */
function specIfReadable(text: string): RunSpec | null {
  try {
    return parseColumn(storedRunSpecSchema, text, 'a spec')
  } catch {
    return null
  }
}

function forgetUnusedParts(database: WritableDatabase): void {
  const ofRuns = database.prepare<[], Buffer>('SELECT spec_parts FROM runs WHERE spec_parts IS NOT NULL').pluck()
  const remove = database.prepare('DELETE FROM spec_parts WHERE id = ?')
  const used = new Set<number>()
  for (const bytes of ofRuns.iterate()) for (let at = 0; at < bytes.length; at += 4) used.add(bytes.readInt32LE(at))
  const ids = database.prepare<[], number>('SELECT id FROM spec_parts').pluck().all()
  for (const id of ids) if (!used.has(id)) remove.run(id)
}
