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

/** Makes the parts of runs that have none of the present version: some seconds for ten thousand, once. */
export function completeSpecParts(database: WritableDatabase): void {
  const select = database.prepare<[number], { id: string; spec: string }>(
    'SELECT id, spec FROM runs WHERE spec_parts IS NULL OR spec_parts_version <> ?',
  )
  const write = specPartsWriter(database)
  transact(database, () => {
    for (const { id, spec } of select.all(specVersion)) {
      try {
        write(id, parseColumn(storedRunSpecSchema, spec, `run ${id}`))
      } catch {
        // A spec that cannot be read is told where the run is read.
      }
    }
  })
}
